'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { jsforce, url, oauth2, version, connect } = require('../lib/salesforce');

// withRefresh is a connection that counts how often it fetched a new session.
const withRefresh = async () => {
  const { accessToken } = await connect();
  const fresh = new jsforce.OAuth2(oauth2);
  const count = { refreshed: 0 };
  const refreshFn = (conn, done) => {
    count.refreshed += 1;
    fresh.requestToken({ grant_type: 'client_credentials' }).then((res) => done(null, res.access_token, res), done);
  };
  return { conn: new jsforce.Connection({ instanceUrl: url, accessToken, version, refreshFn }), count };
};

test('a session that ended is INVALID_SESSION_ID', async () => {
  const { accessToken } = await connect();
  const conn = new jsforce.Connection({ instanceUrl: url, accessToken, version });
  assert.equal((await conn.query('SELECT COUNT() FROM Account')).totalSize, 0);
  await conn.oauth2.constructor.prototype.revokeToken.call(new jsforce.OAuth2(oauth2), accessToken);
  await assert.rejects(conn.query('SELECT COUNT() FROM Account'), { errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' });
});

test('the refresh function is called once and the call repeated', async () => {
  const { conn, count } = await withRefresh();
  const old = conn.accessToken;
  await new jsforce.OAuth2(oauth2).revokeToken(old);
  assert.equal((await conn.query("SELECT COUNT() FROM User WHERE IsActive = true AND Id = '005000000000000'")).totalSize, 0);
  assert.equal(count.refreshed, 1);
  assert.notEqual(conn.accessToken, old);
  await conn.limits();
  assert.equal(count.refreshed, 1);
});

test('ten calls at once share one refresh', async () => {
  const { conn, count } = await withRefresh();
  await new jsforce.OAuth2(oauth2).revokeToken(conn.accessToken);
  const answers = await Promise.all(Array.from({ length: 10 }, () => conn.query('SELECT Id FROM Organization')));
  assert.deepEqual([...new Set(answers.map((a) => a.totalSize))], [1]);
  assert.equal(count.refreshed, 1);
});

test('a session that ends between two pages does not end the query', async () => {
  const { conn, count } = await withRefresh();
  const rows = Array.from({ length: 250 }, (_, i) => ({ Name: `Company ${i}` }));
  await conn.create('Account', rows, { allowRecursive: true, allOrNone: true });
  const first = await conn.query('SELECT Id, Name FROM Account ORDER BY Name', { headers: { 'Sforce-Query-Options': 'batchSize=200' } });
  assert.deepEqual([first.records.length, first.done, first.totalSize], [200, false, 250]);
  await new jsforce.OAuth2(oauth2).revokeToken(conn.accessToken);
  const rest = await conn.queryMore(first.nextRecordsUrl);
  assert.deepEqual([rest.records.length, rest.done], [50, true]);
  assert.equal(count.refreshed, 1);
  assert.equal(new Set([...first.records, ...rest.records].map((r) => r.Id)).size, 250);
});

test('a function that cannot refresh lets the call fail', async () => {
  const conn = new jsforce.Connection({ instanceUrl: url, accessToken: '00D000000000000!gone', version, refreshFn: (_, done) => done(new Error('no more keys')) });
  await assert.rejects(conn.limits(), { message: 'Unable to refresh session due to: no more keys' });
});

test('logout ends the session at the server', async () => {
  const conn = await connect();
  const { accessToken } = conn;
  await conn.logout();
  assert.equal(conn.accessToken, null);
  const again = new jsforce.Connection({ instanceUrl: url, accessToken, version });
  await assert.rejects(again.limits(), { errorCode: 'INVALID_SESSION_ID' });
});
