'use strict';
// An org with duplicate rules (Contact.Email alerts, Account.Name blocks) and an assignment rule of leads.
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

const pass = { headers: { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' } };

test('an alert refuses, and names the record it found', async () => {
  const conn = await connect();
  const { id } = await conn.create('Contact', { LastName: 'Lee', Email: 'lee@example.com' });
  await assert.rejects(conn.create('Contact', { LastName: 'Other', Email: 'LEE@example.com' }), (err) => {
    assert.deepEqual([err.errorCode, err.message], ['DUPLICATES_DETECTED', 'Use one of these records?']);
    const found = err.data.duplicateResut; // misspelt by Salesforce
    assert.deepEqual([found.duplicateRule, found.allowSave, found.matchResults[0].matchRecords[0].record.Id], ['Contacts_DR', true, id]);
    return true;
  });
});

test('an alert lets pass who asks for it, a block does not', async () => {
  const conn = await connect();
  const made = await conn.create('Contact', { LastName: 'Third', Email: 'lee@example.com' }, pass);
  assert.equal(made.success, true);
  await conn.create('Account', { Name: 'One' });
  await assert.rejects(conn.create('Account', { Name: 'one' }, pass), { errorCode: 'DUPLICATES_DETECTED' });
});

test('in a collection an alert is a row\'s error, without the record found', async () => {
  const conn = await connect();
  const [row] = await conn.create('Contact', [{ LastName: 'Fourth', Email: 'lee@example.com' }]);
  assert.deepEqual([row.success, row.errors.map((e) => e.statusCode)], [false, ['DUPLICATES_DETECTED']]);
  const [saved] = await conn.create('Contact', [{ LastName: 'Fourth', Email: 'lee@example.com' }], pass);
  assert.equal(saved.success, true);
});

test('the assignment rule hands a lead over unless told not to', async () => {
  const conn = await connect();
  const assigned = await conn.create('Lead', { LastName: 'A', Company: 'Example' });
  const kept = await conn.create('Lead', { LastName: 'B', Company: 'Example' }, { headers: { 'Sforce-Auto-Assign': 'FALSE' } });
  assert.equal((await conn.retrieve('Lead', assigned.id)).OwnerId.slice(0, 3), '00G');
  assert.equal((await conn.retrieve('Lead', kept.id)).OwnerId, conn.userInfo.id);
});
