'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { contacts, companies } = connect().crm;
const contact = async (email, more) => (await contacts.basicApi.create({ properties: { email, ...more }, associations: [] })).id;

test('of two contacts the first keeps its address and gets what it lacks', async () => {
  const [one, two] = [await contact('one@example.com', { firstname: 'One' }), await contact('two@example.com', { firstname: 'Two', phone: '+1 555 0102' })];
  const merged = await contacts.basicApi.merge({ primaryObjectId: one, objectIdToMerge: two });
  const read = await contacts.basicApi.getById(merged.id, ['email', 'firstname', 'phone', 'hs_additional_emails', 'hs_merged_object_ids']);
  assert.deepEqual([read.properties.email, read.properties.phone, read.properties.hs_additional_emails], ['one@example.com', '+1 555 0102', 'two@example.com']);
  assert.ok(read.properties.hs_merged_object_ids.split(';').includes(two));
  const old = await contacts.basicApi.getById(two, ['email']);
  assert.deepEqual([old.id, old.properties.email], [merged.id, 'one@example.com'], 'the old id leads to the merged record');
  await assert.rejects(contact('two@example.com'), { code: 409 }, 'the other address stays taken');
  const { results } = await contacts.basicApi.getPage(100, undefined, undefined, undefined, undefined, true);
  assert.ok(!results.some((r) => r.id === two), 'no tombstone');
  const batch = await contacts.batchApi.update({ inputs: [{ id: two, properties: { firstname: 'X' } }] });
  assert.deepEqual([batch.results, batch.errors[0].category], [[], 'OBJECT_NOT_FOUND']);
});

test('companies are merged too', async () => {
  const [one, two] = await Promise.all(['One', 'Two'].map(async (name) => (await companies.basicApi.create({ properties: { name }, associations: [] })).id));
  const merged = await companies.basicApi.merge({ primaryObjectId: one, objectIdToMerge: two });
  const read = await companies.basicApi.getById(merged.id, ['name', 'hs_merged_object_ids']);
  assert.equal(read.properties.name, 'One');
  assert.ok(read.properties.hs_merged_object_ids.split(';').includes(two));
  await assert.rejects(companies.basicApi.merge({ primaryObjectId: merged.id, objectIdToMerge: merged.id }), { code: 400 });
});

test('a contact that was purged is gone, and its address refused', async () => {
  const id = await contact('forget@example.com');
  await contacts.basicApi.purge({ objectId: id });
  await assert.rejects(contacts.basicApi.getById(id), { code: 404 });
  await assert.rejects(contacts.basicApi.getById(id, undefined, undefined, undefined, true), { code: 404 });
  await contacts.basicApi.purge({ objectId: 'never@example.com', idProperty: 'email' });
  await assert.rejects(contact('never@example.com'), (err) => err.code >= 400 && err.code < 500);
});
