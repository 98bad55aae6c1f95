'use strict';
// An org in which the username-password flow of OAuth is on.
const test = require('node:test');
const assert = require('node:assert/strict');
const { jsforce, url, oauth2, version, connect } = require('../lib/salesforce');

const login = async (password) => {
  const { username } = await (await connect()).identity();
  const conn = new jsforce.Connection({ loginUrl: url, version, oauth2 });
  await conn.login(username, password);
  return { conn, username };
};

test('a connected app changes a password for a session', async () => {
  const { conn, username } = await login('sandbox');
  assert.equal((await conn.identity()).username, username);
});

test('a wrong password is invalid_grant', async () => {
  await assert.rejects(login('wrong'), { name: 'invalid_grant', message: /^authentication failure/ });
});
