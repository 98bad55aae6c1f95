'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { hubspot, url, connect, order } = require('../lib/hubspot');

const client = () => new hubspot.Client({ basePath: url });
const refresh = (c = client(), token = 'na1-sandbox', secret = 'sandbox') => c.oauth.tokensApi.create('refresh_token', undefined, undefined, 'sandbox', secret, token);

test('a refresh token gives an access token for half an hour', async () => {
  const c = client();
  const given = await refresh(c);
  assert.deepEqual([given.tokenType, given.expiresIn, given.refreshToken], ['bearer', 1800, 'na1-sandbox']);
  c.setAccessToken(given.accessToken);
  assert.deepEqual((await c.crm.contacts.basicApi.getPage()).results, []);
});

test('a refresh token that is revoked is BAD_REFRESH_TOKEN', async () => {
  await assert.rejects(refresh(client(), 'na1-wrong'), (err) => {
    assert.equal(err.code, 400);
    assert.equal(err.body.message, 'refresh token is invalid, expired or revoked');
    return true;
  });
});

test('a wrong secret is refused', async () => {
  await assert.rejects(refresh(client(), 'na1-sandbox', 'wrong'), { code: 400 });
});

test('an access token that has expired is EXPIRED_AUTHENTICATION', async () => {
  await order('POST', 'faults', { faults: [{ system: 'hubspot', path: '/contacts', kind: '401', code: 'EXPIRED_AUTHENTICATION', count: 1 }] });
  await assert.rejects(connect().crm.contacts.basicApi.getPage(), (err) => {
    assert.deepEqual([err.code, err.body.category], [401, 'EXPIRED_AUTHENTICATION']);
    return true;
  });
});

test('an access token tells whose it is', async () => {
  const { accessToken } = await refresh();
  const info = await client().oauth.accessTokensApi.get(accessToken);
  assert.deepEqual([info.hubId, info.tokenType, info.token], [12345678, 'access', accessToken]);
  assert.ok(info.expiresIn > 1700 && info.expiresIn <= 1800);
  await assert.rejects(client().oauth.accessTokensApi.get('none'), { code: 404 });
});

test('a refresh token tells whose it is, and can be given up', async () => {
  const info = await client().oauth.refreshTokensApi.get('na1-sandbox');
  assert.deepEqual([info.hubId, info.tokenType, info.clientId], [12345678, 'refresh', 'sandbox']);
  await client().oauth.refreshTokensApi.archive('na1-sandbox');
  await assert.rejects(refresh(), { code: 400 });
});

test('the newer token endpoint names hub and scopes', async () => {
  const answer = await connect().apiRequest({
    method: 'POST', path: '/oauth/2026-03/token', defaultJson: false, headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'sandbox', client_secret: 'wrong', refresh_token: 'x' }).toString(),
  });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).error, 'invalid_client');
});
