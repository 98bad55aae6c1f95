'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, withKey } = require('../lib/salesforce');

const leads = (n) => Array.from({ length: n }, (_, i) => ({ LastName: `Lee ${i}`, Company: 'Example' }));

test('rows are created, changed and deleted in the order given', async () => {
  const conn = await connect();
  const made = await conn.create('Lead', leads(3));
  assert.deepEqual(made.map((r) => [r.success, r.errors]), [[true, []], [true, []], [true, []]]);
  const changed = await conn.update('Lead', made.map((r, i) => ({ Id: r.id, Title: `T${i}` })));
  assert.deepEqual(changed.map((r) => r.id), made.map((r) => r.id));
  const read = await conn.retrieve('Lead', [made[2].id, made[0].id], { fields: ['LastName', 'Title'] });
  assert.deepEqual(read.map((r) => [r.LastName, r.Title]), [['Lee 2', 'T2'], ['Lee 0', 'T0']]);
  const gone = await conn.destroy('Lead', made.map((r) => r.id));
  assert.deepEqual(gone.map((r) => [r.id, r.success]), made.map((r) => [r.id, true]));
});

test('an unknown id is a null among the rows read', async () => {
  const conn = await connect();
  const [{ id }] = await conn.create('Lead', leads(1));
  const read = await conn.retrieve('Lead', [id, '00Q000000000001'], { fields: ['Id'] });
  assert.deepEqual(read.map((r) => r && r.Id), [id, null]);
});

test('a bad row fails alone', async () => {
  const conn = await connect();
  const rows = [...leads(1), { LastName: 'No company' }, ...leads(1)];
  const made = await conn.create('Lead', rows);
  assert.deepEqual(made.map((r) => r.success), [true, false, true]);
  assert.equal('id' in made[1], false);
  assert.deepEqual(made[1].errors, [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Company]', fields: ['Company'] }]);
});

test('allOrNone takes everything back', async () => {
  const conn = await connect();
  const before = (await conn.query('SELECT COUNT() FROM Lead')).totalSize;
  const made = await conn.create('Lead', [...leads(2), { LastName: 'No company' }], { allOrNone: true });
  assert.deepEqual(made.map((r) => r.errors[0].statusCode), ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
  assert.equal((await conn.query('SELECT COUNT() FROM Lead')).totalSize, before);
  const [{ id }] = await conn.create('Lead', leads(1));
  const gone = await conn.destroy('Lead', [id, '00Q000000000001'], { allOrNone: true });
  assert.deepEqual(gone.map((r) => r.success), [false, false]);
  assert.equal((await conn.retrieve('Lead', id)).IsDeleted, false);
});

test('more than 200 rows are refused, or cut by the client', async () => {
  const conn = await connect();
  await assert.rejects(conn.create('Lead', leads(201)), {
    errorCode: 'EXCEEDED_ID_LIMIT', message: 'record limit reached. cannot submit more than 200 records into this call',
  });
  const made = await conn.create('Lead', leads(401), { allowRecursive: true });
  assert.deepEqual([made.length, made.every((r) => r.success)], [401, true]);
});

test('an upsert creates, then changes', async () => {
  const conn = await connect();
  await withKey(conn, 'Contact');
  const rows = [{ HubSpot_Id__c: '51', LastName: 'Lee' }, { HubSpot_Id__c: '52', LastName: 'Ray' }];
  const first = await conn.upsert('Contact', rows, 'HubSpot_Id__c');
  assert.deepEqual(first.map((r) => [r.success, r.created]), [[true, true], [true, true]]);
  const second = await conn.upsert('Contact', [{ HubSpot_Id__c: '52', LastName: 'Rayner' }, { HubSpot_Id__c: '53', LastName: 'Sol' }], 'HubSpot_Id__c');
  assert.deepEqual(second.map((r) => [r.id === first[1].id, r.created]), [[true, false], [false, true]]);
  const { records } = await conn.query('SELECT HubSpot_Id__c, LastName FROM Contact WHERE HubSpot_Id__c != null ORDER BY HubSpot_Id__c');
  assert.deepEqual(records.map((r) => [r.HubSpot_Id__c, r.LastName]), [['51', 'Lee'], ['52', 'Rayner'], ['53', 'Sol']]);
});

test('the same key twice fails both rows', async () => {
  const conn = await connect();
  const twice = await conn.upsert('Contact', [{ HubSpot_Id__c: '60', LastName: 'A' }, { HubSpot_Id__c: '61', LastName: 'B' }, { HubSpot_Id__c: '60', LastName: 'C' }], 'HubSpot_Id__c');
  assert.deepEqual(twice.map((r) => r.success), [false, true, false]);
  assert.deepEqual([twice[0].errors[0].statusCode, twice[0].errors[0].message], ['DUPLICATE_VALUE', 'Duplicate external id specified: 60']);
});

test('a parent is linked by its key', async () => {
  const conn = await connect();
  await withKey(conn, 'Account');
  const account = await conn.upsert('Account', { HubSpot_Id__c: '9001', Name: 'Parent' }, 'HubSpot_Id__c');
  const [row, orphan] = await conn.upsert('Contact', [
    { HubSpot_Id__c: '70', LastName: 'Child', Account: { HubSpot_Id__c: '9001' } },
    { HubSpot_Id__c: '71', LastName: 'Orphan', Account: { HubSpot_Id__c: '9002' } },
  ], 'HubSpot_Id__c');
  assert.equal((await conn.retrieve('Contact', row.id)).AccountId, account.id);
  assert.deepEqual(orphan.errors[0], {
    statusCode: 'INVALID_FIELD', message: 'Foreign key external ID: 9002 not found for field HubSpot_Id__c in entity Account', fields: [],
  });
});
