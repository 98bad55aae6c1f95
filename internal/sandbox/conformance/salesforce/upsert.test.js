'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, withKey } = require('../lib/salesforce');

test.before(async () => withKey(await connect(), 'Account'));

test('one record is created, then changed', async () => {
  const conn = await connect();
  const made = await conn.upsert('Account', { HubSpot_Id__c: 'a/b c', Name: 'One' }, 'HubSpot_Id__c').catch((err) => err);
  // jsforce puts the key into the path as it stands: a slash in it is another resource.
  assert.equal(made.errorCode, 'NOT_FOUND');
  const first = await conn.upsert('Account', { HubSpot_Id__c: 'k1', Name: 'One' }, 'HubSpot_Id__c');
  assert.deepEqual([first.success, first.created], [true, true]);
  const second = await conn.upsert('Account', { HubSpot_Id__c: 'k1', Name: 'Two' }, 'HubSpot_Id__c');
  assert.deepEqual([second.success, second.created, second.id], [true, false, first.id]);
  assert.equal((await conn.retrieve('Account', first.id)).Name, 'Two');
});

test('a record is read by its key, in any case', async () => {
  const conn = await connect();
  const record = await conn.request('/sobjects/Account/HubSpot_Id__c/K1');
  assert.equal(record.Name, 'Two');
});

test('the key inside the body is refused', async () => {
  const conn = await connect();
  const id = (await conn.request('/sobjects/Account/HubSpot_Id__c/k1')).Id;
  await assert.rejects(conn.requestPatch('/sobjects/Account/HubSpot_Id__c/k1', { Id: id, Name: 'Three' }), {
    errorCode: 'INVALID_FIELD', message: 'The Id field should not be specified in the sobject data.',
  });
});

test('a field that is no key is NOT_FOUND', async () => {
  const conn = await connect();
  await assert.rejects(conn.upsert('Account', { Namez: 'x', Name: 'y' }, 'Namez'), {
    errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: Namez',
  });
});

test('a key of several records is MULTIPLE_CHOICES', async () => {
  const conn = await connect();
  await withKey(conn, 'Contact', 'Ref__c', { unique: false });
  const made = await conn.create('Contact', [{ LastName: 'A', Ref__c: 'r' }, { LastName: 'B', Ref__c: 'r' }]);
  await assert.rejects(conn.upsert('Contact', { Ref__c: 'r', LastName: 'C' }, 'Ref__c'), (err) => {
    assert.equal(err.errorCode, 'MULTIPLE_CHOICES');
    assert.deepEqual(err.data.sort(), made.map((r) => `/services/data/v60.0/sobjects/Contact/${r.id}`).sort());
    return true;
  });
});

test('a unique value of another record is DUPLICATE_VALUE', async () => {
  const conn = await connect();
  const { Id } = await conn.request('/sobjects/Account/HubSpot_Id__c/k1');
  await assert.rejects(conn.create('Account', { Name: 'Other', HubSpot_Id__c: 'K1' }), {
    errorCode: 'DUPLICATE_VALUE', message: `duplicate value found: HubSpot_Id__c duplicates value on record with id: ${Id.slice(0, 15)}`,
  });
});
