'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, narrowToken } = require('../lib/hubspot');

test('the account tells who it is', async () => {
  const answer = await connect().apiRequest({ path: '/account-info/v3/details' });
  const { portalId, accountType, timeZone } = await answer.json();
  assert.deepEqual([portalId, accountType, timeZone], [12345678, 'STANDARD', 'UTC']);
});

test('usage counts what was asked', async () => {
  const usage = async () => (await (await connect().apiRequest({ path: '/account-info/2026-03/api-usage/daily/private-apps' })).json()).results[0];
  const before = await usage();
  await connect().crm.owners.ownersApi.getPage();
  const after = await usage();
  assert.equal(before.name, 'private-apps-api-calls-daily');
  assert.ok(after.currentUsage > before.currentUsage);
});

test('a token that is none is INVALID_AUTHENTICATION', async () => {
  const client = connect({ accessToken: 'pat-na1-wrong' });
  await assert.rejects(client.crm.contacts.basicApi.getPage(), (err) => {
    assert.deepEqual([err.code, err.body.category], [401, 'INVALID_AUTHENTICATION']);
    return true;
  });
});

test('a token without the scope is MISSING_SCOPES', async () => {
  const client = connect({ accessToken: narrowToken });
  assert.deepEqual((await client.crm.contacts.basicApi.getPage()).results, []);
  await assert.rejects(client.crm.contacts.basicApi.create({ properties: { email: 'no@example.com' }, associations: [] }), (err) => {
    assert.deepEqual([err.code, err.body.category], [403, 'MISSING_SCOPES']);
    assert.deepEqual(err.body.errors[0].context.requiredGranularScopes, ['crm.objects.contacts.write']);
    return true;
  });
});
