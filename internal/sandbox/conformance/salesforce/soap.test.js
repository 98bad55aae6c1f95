'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { jsforce, url, version, connect } = require('../lib/salesforce');

// soapLogin logs in with a user's name and password over SOAP, as jsforce does without a connected app.
const soapLogin = async (password = 'sandbox') => {
  const { username } = await (await connect()).identity();
  const conn = new jsforce.Connection({ loginUrl: url, version });
  await conn.login(username, password);
  return { conn, username };
};

test('a name and a password open a session', async () => {
  const { conn, username } = await soapLogin();
  assert.equal(conn.instanceUrl, url);
  assert.match(conn.userInfo.id, /^005\w{15}$/);
  assert.equal((await conn.query(`SELECT COUNT() FROM User WHERE Id = '${conn.userInfo.id}'`)).totalSize, 1);
  assert.equal((await conn.identity()).username, username);
});

test('a wrong password is INVALID_LOGIN', async () => {
  await assert.rejects(soapLogin('wrong'), { message: 'INVALID_LOGIN: Invalid username, password, security token; or user locked out.' });
});

test('a session that ended is opened again by name and password', async () => {
  const { conn } = await soapLogin();
  const old = conn.accessToken;
  await new jsforce.OAuth2({ loginUrl: url }).revokeToken(old);
  assert.equal((await conn.query('SELECT Id FROM Organization')).totalSize, 1);
  assert.notEqual(conn.accessToken, old);
});

test('logout ends the session', async () => {
  const { conn } = await soapLogin();
  const { accessToken } = conn;
  await conn.logout();
  const again = new jsforce.Connection({ instanceUrl: url, accessToken, version });
  await assert.rejects(again.limits(), { errorCode: 'INVALID_SESSION_ID' });
});

test('SOAP tells the user and the time', async () => {
  const { conn, username } = await soapLogin();
  const info = await conn.soap.getUserInfo();
  assert.deepEqual([info.userId, info.organizationId, info.userName], [conn.userInfo.id, conn.userInfo.organizationId, username]);
  const { timestamp } = await conn.soap.getServerTimestamp();
  assert.ok(Math.abs(new Date(timestamp) - Date.now()) < 60_000);
});

test('a lead is converted', async () => {
  const conn = await connect();
  const { id } = await conn.create('Lead', { FirstName: 'Ann', LastName: 'Lee', Company: 'Example', Email: 'ann@example.com' });
  const done = await conn.soap.convertLead({ leadId: id, convertedStatus: 'Closed - Converted', doNotCreateOpportunity: true });
  assert.deepEqual([done.success, done.leadId, done.opportunityId], [true, id, null]);
  const contact = await conn.retrieve('Contact', done.contactId);
  assert.deepEqual([contact.Name, contact.Email, contact.AccountId], ['Ann Lee', 'ann@example.com', done.accountId]);
  const lead = await conn.retrieve('Lead', id);
  assert.deepEqual([lead.IsConverted, lead.ConvertedContactId, lead.Status], [true, done.contactId, 'Closed - Converted']);
  await assert.rejects(conn.update('Lead', { Id: id, Phone: '1' }), { errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD' });
});

test('two accounts are merged, the loser points to the winner', async () => {
  const conn = await connect();
  const [winner, loser] = await conn.create('Account', [{ Name: 'Winner' }, { Name: 'Loser' }]);
  const child = await conn.create('Contact', { LastName: 'Child', AccountId: loser.id });
  const done = await conn.soap.merge({ masterRecord: { type: 'Account', Id: winner.id }, recordToMergeIds: [loser.id] });
  assert.deepEqual([done.success, done.id, done.mergedRecordIds], [true, winner.id, [loser.id]]);
  const { records: [gone] } = await conn.query(`SELECT MasterRecordId, IsDeleted FROM Account WHERE Id = '${loser.id}'`, { scanAll: true });
  assert.deepEqual([gone.MasterRecordId, gone.IsDeleted], [winner.id, true]);
  assert.equal((await conn.retrieve('Contact', child.id)).AccountId, winner.id);
});

test('the recycle bin gives back, until it is emptied', async () => {
  const conn = await connect();
  const { id } = await conn.create('Account', { Name: 'Back' });
  await conn.destroy('Account', id);
  const [back] = await conn.soap.undelete([id]);
  assert.equal(back.success, true);
  assert.equal((await conn.retrieve('Account', id)).Name, 'Back');
  await conn.destroy('Account', id);
  const [emptied] = await conn.soap.emptyRecycleBin([id]);
  assert.deepEqual([emptied.success, emptied.id], [true, id]);
  assert.equal((await conn.query(`SELECT Id FROM Account WHERE Id = '${id}'`, { scanAll: true })).totalSize, 0);
});
