'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { jsforce, url, version, connect } = require('../lib/salesforce');

test('identity names the user of the token', async () => {
  const conn = await connect();
  const who = await conn.identity();
  assert.equal(who.user_id, conn.userInfo.id);
  assert.equal(who.organization_id, conn.userInfo.organizationId);
  assert.equal(who.active, true);
  assert.match(who.username, /@/);
});

test('identity is found with nothing but a token', async () => {
  const { accessToken, userInfo } = await connect();
  const conn = new jsforce.Connection({ instanceUrl: url, accessToken, version });
  const who = await conn.identity();
  assert.equal(who.user_id, userInfo.id);
  assert.deepEqual([conn.userInfo.id, conn.userInfo.organizationId], [userInfo.id, userInfo.organizationId]);
});

test('userinfo says whether the user is an integration user', async () => {
  const conn = await connect();
  const info = await conn.request('/services/oauth2/userinfo');
  assert.equal(info.user_id, conn.userInfo.id);
  assert.equal(info.organization_id, conn.userInfo.organizationId);
  assert.equal(info.is_salesforce_integration_user, true);
});

test('identity refuses a bad token with 403 and plain text', async () => {
  const conn = await connect();
  const bad = new jsforce.Connection({ instanceUrl: url, accessToken: '00D000000000000!wrong', version });
  await assert.rejects(bad.request(conn.userInfo.url), { errorCode: 'ERROR_HTTP_403', message: 'Bad_OAuth_Token' });
});

test('the org says its name and whether it is a sandbox', async () => {
  const conn = await connect();
  const { records: [org] } = await conn.query('SELECT Id, Name, IsSandbox, OrganizationType, InstanceName FROM Organization');
  assert.equal(org.Id, conn.userInfo.organizationId);
  assert.equal(typeof org.IsSandbox, 'boolean');
});

test('versions are listed without a session, resources with one', async () => {
  const answer = await fetch(`${url}/services/data`);
  const versions = await answer.json();
  assert.ok(versions.some((v) => v.version === version && v.url === `/services/data/v${version}`));
  const resources = await (await connect()).request(`/services/data/v${version}`);
  assert.equal(resources.sobjects, `/services/data/v${version}/sobjects`);
  assert.equal(resources.query, `/services/data/v${version}/query`);
});

test('a doubled slash is one slash', async () => {
  const conn = await connect();
  const { accessToken } = conn;
  const slash = new jsforce.Connection({ instanceUrl: `${url}/`, accessToken, version });
  assert.equal((await slash.query('SELECT Id FROM Organization')).totalSize, 1);
});
