'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { createSign } = require('node:crypto');
const { jsforce, url, oauth2, version, connect } = require('../lib/salesforce');
const { need } = require('../lib/env');

const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const base64 = (v) => Buffer.from(v).toString('base64url');

// assertion signs the claims of a JWT.
const assertion = (claims) => {
  const body = `${base64(JSON.stringify({ alg: 'RS256' }))}.${base64(JSON.stringify(claims))}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(need('SALESFORCE_JWT_KEY')).toString('base64url')}`;
};

// claims of an assertion that is in order.
const claims = async () => {
  const { username } = await (await connect()).identity();
  return { iss: need('SALESFORCE_JWT_CLIENT'), sub: username, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + 180 };
};
const jwtLogin = (all) => {
  const conn = new jsforce.Connection({ loginUrl: url, version });
  return conn.authorize({ grant_type: bearer, assertion: assertion(all) }).then(() => conn);
};

test('client credentials open a session of the run-as user', async () => {
  const conn = await connect();
  assert.equal(conn.instanceUrl, url);
  assert.match(conn.accessToken, /^00D[0-9A-Za-z]{12}!/);
  assert.match(conn.userInfo.id, /^005[0-9A-Za-z]{15}$/);
  assert.match(conn.userInfo.organizationId, /^00D[0-9A-Za-z]{15}$/);
  const { records: [user] } = await conn.query(`SELECT Id, IsActive FROM User WHERE Id = '${conn.userInfo.id}'`);
  assert.deepEqual([user.Id, user.IsActive], [conn.userInfo.id, true]);
});

test('a wrong secret is invalid_client, an unknown key invalid_client_id', async () => {
  const wrong = { ...oauth2, clientSecret: 'wrong' };
  await assert.rejects(connect({ oauth2: wrong }), { name: 'invalid_client', message: 'invalid client credentials' });
  const unknown = { ...oauth2, clientId: 'unknown' };
  await assert.rejects(connect({ oauth2: unknown }), { name: 'invalid_client_id', message: 'client identifier invalid' });
});

test('a signed assertion opens a session of its subject', async () => {
  const all = await claims();
  const conn = await jwtLogin(all);
  const { username } = await conn.identity();
  assert.equal(username, all.sub);
});

test('an assertion is refused for its signature, audience, time, user and app', async () => {
  const all = await claims();
  const refused = { audience: { aud: 'https://elsewhere.example.com' }, expired: { exp: 1_500_000_000 }, nobody: { sub: 'nobody@example.com' } };
  const texts = { audience: 'audience is invalid', expired: 'expired authorization code', nobody: "user hasn't approved this consumer" };
  for (const [why, change] of Object.entries(refused)) {
    await assert.rejects(jwtLogin({ ...all, ...change }), { name: 'invalid_grant', message: texts[why] }, why);
  }
  const unapproved = { ...all, iss: `${all.iss}-unapproved` };
  await assert.rejects(jwtLogin(unapproved), { name: 'invalid_grant', message: "user hasn't approved this consumer" });
  const conn = new jsforce.Connection({ loginUrl: url, version });
  const forged = assertion(all).slice(0, -8) + 'AAAAAAAA';
  await assert.rejects(conn.authorize({ grant_type: bearer, assertion: forged }), { name: 'invalid_grant', message: 'invalid assertion' });
});

// The Salesforce CLI writes Date.now() + 300 and is let in.
test('an assertion may expire in milliseconds', async () => {
  const all = await claims();
  const conn = await jwtLogin({ ...all, exp: Date.now() + 300 });
  assert.equal((await conn.identity()).username, all.sub);
});

test('a refresh token gives a session, a wrong one is expired', async () => {
  const conn = new jsforce.Connection({ loginUrl: url, version, oauth2, instanceUrl: url, refreshToken: need('SALESFORCE_REFRESH'), accessToken: '00D000000000000!gone' });
  let refreshed = 0;
  conn.on('refresh', () => { refreshed += 1; });
  assert.equal((await conn.query('SELECT COUNT() FROM Account')).totalSize, 0);
  assert.equal(refreshed, 1);
  assert.notEqual(conn.accessToken, '00D000000000000!gone');
  await assert.rejects(conn.oauth2.refreshToken('wrong'), { name: 'invalid_grant', message: 'expired access/refresh token' });
});

test('an unknown grant is told apart', async () => {
  const conn = new jsforce.Connection({ loginUrl: url, version, oauth2 });
  await assert.rejects(conn.authorize({ grant_type: 'telepathy' }), { name: 'unsupported_grant_type', message: 'grant type not supported' });
});
