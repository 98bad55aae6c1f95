'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, order } = require('../lib/hubspot');

// The client waits a second after a 429 of searches and 200 ms after a 5xx; ten seconds after the
// ten-secondly limit, which is left out here.
const strike = (fault) => order('POST', 'faults', { faults: [{ system: 'hubspot', count: 1, ...fault }] });
const seen = async () => (await order('GET', 'faults')).faults.at(-1);
const search = { filterGroups: [], properties: [], sorts: [], limit: 1, after: '0' };
test.afterEach(() => order('DELETE', 'faults'));

test('a search that was too fast is repeated', async () => {
  await strike({ path: '/search', kind: '429', code: 'SECONDLY' });
  const client = connect({ numberOfApiCallRetries: 2 });
  assert.equal((await client.crm.contacts.searchApi.doSearch(search)).total, 0);
  const { struck, seen: asked } = await seen();
  assert.deepEqual([struck, asked], [1, 2]);
});

test('a daily limit is not repeated', async () => {
  await strike({ path: '/contacts', kind: '429', code: 'DAILY', count: -1 });
  const client = connect({ numberOfApiCallRetries: 3 });
  await assert.rejects(client.crm.contacts.basicApi.getPage(), (err) => {
    assert.deepEqual([err.code, err.body.message], [429, 'You have reached your daily limit.']);
    return true;
  });
  assert.equal((await seen()).seen, 1);
});

test('without retries the limit is the caller\'s', async () => {
  await strike({ path: '/contacts', kind: '429', code: 'TEN_SECONDLY_ROLLING' });
  await assert.rejects(connect().crm.contacts.basicApi.getPage(), (err) => {
    assert.equal(err.code, 429);
    assert.match(err.body.message, /ten_secondly_rolling/);
    return true;
  });
});

test('a server error is repeated', async () => {
  await strike({ path: '/contacts', kind: '500', count: 2 });
  const client = connect({ numberOfApiCallRetries: 3 });
  assert.deepEqual((await client.crm.contacts.basicApi.getPage()).results, []);
  assert.equal((await seen()).seen, 3);
});

test('headers count down', async () => {
  const client = connect();
  const ask = async () => (await client.apiRequest({ path: '/crm/v3/owners' })).headers;
  const [first, second] = [await ask(), await ask()];
  const left = (headers) => Number(headers.get('x-hubspot-ratelimit-remaining'));
  assert.equal(first.get('x-hubspot-ratelimit-interval-milliseconds'), '10000');
  assert.equal(left(second), left(first) - 1);
  assert.equal(Number(second.get('x-hubspot-ratelimit-daily-remaining')), Number(first.get('x-hubspot-ratelimit-daily-remaining')) - 1);
  const search429 = await client.apiRequest({ method: 'POST', path: '/crm/v3/objects/contacts/search', body: search });
  assert.equal(search429.headers.get('x-hubspot-ratelimit-remaining'), null);
  assert.notEqual(search429.headers.get('x-hubspot-ratelimit-daily-remaining'), null);
});
