'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

test('a record is created, read, changed and deleted', async () => {
  const conn = await connect();
  const made = await conn.sobject('Contact').create({ FirstName: 'Ann', LastName: 'Lee', Email: 'Ann.Lee@example.com', Birthdate: '1990-02-03' });
  assert.deepEqual([made.success, made.errors, made.id.slice(0, 3), made.id.length], [true, [], '003', 18]);
  const read = await conn.sobject('Contact').retrieve(made.id);
  assert.deepEqual([read.Name, read.Birthdate, read.Phone, read.IsDeleted], ['Ann Lee', '1990-02-03', null, false]);
  assert.equal(read.attributes.url, `/services/data/v60.0/sobjects/Contact/${made.id}`);
  assert.match(read.SystemModstamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  const changed = await conn.sobject('Contact').update({ Id: made.id, Phone: '+1 555 0100', Birthdate: null });
  assert.deepEqual(changed, { id: made.id, success: true, errors: [] });
  const again = await conn.retrieve('Contact', made.id, { fields: ['Phone', 'Birthdate'] });
  assert.deepEqual([again.Phone, again.Birthdate, again.LastName], ['+1 555 0100', null, undefined]);
  assert.deepEqual(await conn.sobject('Contact').destroy(made.id), { id: made.id, success: true, errors: [] });
  await assert.rejects(conn.sobject('Contact').retrieve(made.id), { errorCode: 'NOT_FOUND' });
});

test('an empty text is stored as null', async () => {
  const conn = await connect();
  const { id } = await conn.create('Lead', { LastName: 'Lee', Company: 'Example', Phone: '' });
  assert.equal((await conn.retrieve('Lead', id)).Phone, null);
});

test('an id of 15 characters is as good as one of 18', async () => {
  const conn = await connect();
  const { id } = await conn.create('Account', { Name: 'Short' });
  assert.equal((await conn.retrieve('Account', id.slice(0, 15))).Id, id);
});

test('what is required is required', async () => {
  const conn = await connect();
  await assert.rejects(conn.create('Lead', { FirstName: 'Ann' }), (err) => {
    assert.equal(err.errorCode, 'REQUIRED_FIELD_MISSING');
    assert.equal(err.message, 'Required fields are missing: [LastName, Company]');
    assert.deepEqual(err.data.fields, ['LastName', 'Company']);
    return true;
  });
});

test('values are checked', async () => {
  const conn = await connect();
  const lead = { LastName: 'Lee', Company: 'Example' };
  const refused = {
    INVALID_EMAIL_ADDRESS: [{ Email: 'nobody' }, 'Email: invalid email address: nobody'],
    STRING_TOO_LONG: [{ FirstName: 'x'.repeat(41) }, `First Name: data value too large: ${'x'.repeat(41)} (max length=40)`],
    INVALID_FIELD: [{ Wings: 2 }, "No such column 'Wings' on sobject of type Lead"],
  };
  for (const [code, [change, message]] of Object.entries(refused)) {
    await assert.rejects(conn.create('Lead', { ...lead, ...change }), { errorCode: code, message }, code);
  }
  await assert.rejects(conn.create('Lead', { ...lead, IsDeleted: true }), { errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' });
  await assert.rejects(conn.create('Lead', { ...lead, AnnualRevenue: 'much' }), { errorCode: 'JSON_PARSER_ERROR' });
});

test('a record that is gone says so', async () => {
  const conn = await connect();
  const { id } = await conn.create('Account', { Name: 'Gone' });
  await conn.destroy('Account', id);
  await assert.rejects(conn.destroy('Account', id), { errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' });
  await assert.rejects(conn.update('Account', { Id: id, Name: 'Back' }), { errorCode: 'ENTITY_IS_DELETED' });
  await assert.rejects(conn.update('Account', { Id: '001000000000001AAA', Name: 'Never' }), { errorCode: 'INVALID_CROSS_REFERENCE_KEY' });
  await assert.rejects(conn.create('Butterfly', { Name: 'x' }), { errorCode: 'NOT_FOUND' });
});

test('a parent is linked by its id, and must exist', async () => {
  const conn = await connect();
  const account = await conn.create('Account', { Name: 'Parent' });
  const contact = await conn.create('Contact', { LastName: 'Child', AccountId: account.id });
  assert.equal((await conn.retrieve('Contact', contact.id)).AccountId, account.id);
  await assert.rejects(conn.create('Contact', { LastName: 'Orphan', AccountId: '003000000000001AAA' }), { errorCode: 'FIELD_INTEGRITY_EXCEPTION' });
});

test('a wrong method is refused with those that are allowed', async () => {
  const conn = await connect();
  await assert.rejects(conn.requestDelete('/sobjects/Account'), (err) => {
    assert.equal(err.errorCode, 'METHOD_NOT_ALLOWED');
    assert.match(err.message, /^HTTP Method 'DELETE' not allowed\. Allowed are /);
    return true;
  });
});
