'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, withKey } = require('../lib/salesforce');

test('describeGlobal lists the objects and what may be done with them', async () => {
  const conn = await connect();
  const { sobjects, maxBatchSize, encoding } = await conn.describeGlobal();
  assert.deepEqual([encoding, maxBatchSize], ['UTF-8', 200]);
  const account = sobjects.find((o) => o.name === 'Account');
  assert.equal(account.keyPrefix, '001');
  assert.deepEqual([account.queryable, account.createable, account.deletable, account.mergeable], [true, true, true, true]);
  assert.equal(account.urls.describe, '/services/data/v60.0/sobjects/Account/describe');
  for (const name of ['Lead', 'Contact', 'User', 'Organization']) assert.ok(sobjects.some((o) => o.name === name), name);
});

test('describe tells required, unique and compound fields apart', async () => {
  const conn = await connect();
  const { fields, keyPrefix, recordTypeInfos } = await conn.describe('Lead');
  assert.equal(keyPrefix, '00Q');
  assert.equal(recordTypeInfos.find((r) => r.master).recordTypeId, '012000000000000AAA');
  const required = fields.filter((f) => f.createable && !f.nillable && !f.defaultedOnCreate).map((f) => f.name).sort();
  assert.deepEqual(required, ['Company', 'LastName']);
  const field = Object.fromEntries(fields.map((f) => [f.name, f]));
  assert.deepEqual([field.Name.createable, field.LastName.compoundFieldName, field.LastName.length], [false, 'Name', 80]);
  assert.deepEqual([field.Email.type, field.Email.idLookup, field.Email.byteLength], ['email', true, 240]);
  assert.deepEqual([field.OwnerId.referenceTo, field.OwnerId.relationshipName], [['Group', 'User'], 'Owner']);
  assert.equal(field.Status.restrictedPicklist, false);
  assert.equal(field.Status.picklistValues.find((v) => v.defaultValue).value, 'Open - Not Contacted');
});

test('describe by sobject is cached by its dollar twin', async () => {
  const conn = await connect();
  const first = await conn.sobject('Contact').describe$();
  const second = await conn.sobject('Contact').describe$();
  assert.equal(first, second);
  assert.equal(first.name, 'Contact');
});

test('an unknown object is NOT_FOUND', async () => {
  const conn = await connect();
  await assert.rejects(conn.describe('Butterfly'), { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' });
});

test('a field made through the API is invisible until it is granted', async () => {
  const conn = await connect();
  const made = await conn.tooling.create('CustomField', {
    FullName: 'Account.Hidden__c', Metadata: { label: 'Hidden', type: 'Text', length: 20 },
  });
  assert.deepEqual([made.success, made.id.slice(0, 3)], [true, '00N']);
  const names = async () => (await conn.describe('Account')).fields.map((f) => f.name);
  assert.ok(!(await names()).includes('Hidden__c'));
  await assert.rejects(conn.query('SELECT Hidden__c FROM Account'), { errorCode: 'INVALID_FIELD' });
  await assert.rejects(conn.create('Account', { Name: 'X', Hidden__c: 'y' }), { errorCode: 'INVALID_FIELD' });
  await withKey(conn, 'Account', 'Shown__c');
  assert.ok((await names()).includes('Shown__c'));
  const shown = (await conn.describe('Account')).fields.find((f) => f.name === 'Shown__c');
  assert.deepEqual([shown.custom, shown.externalId, shown.unique, shown.idLookup, shown.length], [true, true, true, true, 32]);
});

test('tooling finds a custom field by its name', async () => {
  const conn = await connect();
  const { id } = await conn.tooling.create('CustomField', { FullName: 'Lead.Score__c', Metadata: { label: 'Score', type: 'Number', precision: 5, scale: 0 } });
  const { records } = await conn.tooling.query("SELECT Id, DeveloperName, TableEnumOrId FROM CustomField WHERE DeveloperName = 'Score'");
  assert.deepEqual(records.map((r) => [r.Id, r.DeveloperName, r.TableEnumOrId]), [[id, 'Score', 'Lead']]);
  await conn.tooling.destroy('CustomField', id);
  assert.equal((await conn.tooling.query("SELECT Id FROM CustomField WHERE DeveloperName = 'Score'")).totalSize, 0);
});

test('the same custom field twice is DUPLICATE_DEVELOPER_NAME', async () => {
  const conn = await connect();
  const field = { FullName: 'Lead.Twice__c', Metadata: { label: 'Twice', type: 'Text', length: 20 } };
  await conn.tooling.create('CustomField', field);
  await assert.rejects(conn.tooling.create('CustomField', field), { errorCode: 'DUPLICATE_DEVELOPER_NAME' });
});
