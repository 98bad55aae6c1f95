'use strict';
// A portal that takes three searches a second and 20 calls in ten seconds.
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, order } = require('../lib/hubspot');

const search = { filterGroups: [], properties: [], sorts: [], limit: 1, after: '0' };

test('the limiter of the client keeps within the limit', async () => {
  const { searchApi } = connect({ limiterOptions: { minTime: 550, maxConcurrent: 3 } }).crm.contacts;
  const totals = await Promise.all([searchApi.doSearch(search), searchApi.doSearch(search), searchApi.doSearch(search)]);
  assert.equal(totals.length, 3);
  const { calls } = await order('GET', 'calls');
  assert.equal(calls.find((c) => c.endpoint.includes('search')).requests, 3);
});

test('searches beyond the limit of a second are repeated and all answered', async () => {
  await order('DELETE', 'calls');
  const { searchApi } = connect({ numberOfApiCallRetries: 4 }).crm.contacts;
  const totals = await Promise.all(Array.from({ length: 6 }, () => searchApi.doSearch(search).then((r) => r.total)));
  assert.deepEqual(totals, [0, 0, 0, 0, 0, 0]);
  const { calls } = await order('GET', 'calls');
  const asked = calls.find((c) => c.endpoint.includes('search')).requests;
  assert.ok(asked > 6, `${asked} requests: none was refused`);
});

test('calls beyond the limit of ten seconds are refused with their policy', async () => {
  const { ownersApi } = connect().crm.owners;
  const outcomes = await Promise.allSettled(Array.from({ length: 25 }, () => ownersApi.getPage()));
  const refused = outcomes.filter((o) => o.status === 'rejected').map((o) => o.reason);
  assert.equal(refused.length, 5);
  assert.deepEqual([refused[0].code, refused[0].body.message], [429, 'You have reached your ten_secondly_rolling limit.']);
});
