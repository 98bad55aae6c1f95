'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { properties } = connect().crm;
const age = { name: 'age', label: 'Age', type: 'number', fieldType: 'number', groupName: 'contactinformation' };

test('the portal has its own properties', async () => {
  const { results } = await properties.coreApi.getAll('contacts');
  const by = Object.fromEntries(results.map((p) => [p.name, p]));
  assert.ok(results.length > 100);
  assert.deepEqual([by.email.type, by.email.fieldType, by.email.hasUniqueValue], ['string', 'text', false]);
  assert.equal(by.lifecyclestage.modificationMetadata.readOnlyValue, false);
  assert.equal(by.lastmodifieddate.modificationMetadata.readOnlyValue, true);
  assert.ok(by.hs_lead_status.options.some((o) => o.value === 'NEW'));
});

test('a property is created, read, changed and archived', async () => {
  const made = await properties.coreApi.create('contacts', age);
  assert.deepEqual([made.name, made.hubspotDefined, made.modificationMetadata.readOnlyValue], ['age', undefined, false]);
  assert.equal((await properties.coreApi.getByName('contacts', 'age')).label, 'Age');
  const changed = await properties.coreApi.update('contacts', 'age', { label: 'Years' });
  assert.equal(changed.label, 'Years');
  await assert.rejects(properties.coreApi.create('contacts', age), (err) => {
    assert.deepEqual([err.code, err.body.category], [409, 'OBJECT_ALREADY_EXISTS']);
    return true;
  });
  await properties.coreApi.archive('contacts', 'age');
  await assert.rejects(properties.coreApi.getByName('contacts', 'age'), { code: 404 });
});

test('options are replaced as a whole', async () => {
  const option = (value, displayOrder) => ({ label: value.toUpperCase(), value, displayOrder, hidden: false });
  await properties.coreApi.create('contacts', { name: 'colour', label: 'Colour', type: 'enumeration', fieldType: 'select', groupName: 'contactinformation', options: [option('red', 0), option('green', 1)] });
  const { options } = await properties.coreApi.update('contacts', 'colour', { options: [option('blue', 0)] });
  assert.deepEqual(options.map((o) => [o.label, o.value]), [['BLUE', 'blue']]);
});

test('a batch of properties is made row by row', async () => {
  const answer = await properties.batchApi.create('contacts', { inputs: [{ ...age, name: 'one' }, { ...age, name: 'email' }] });
  assert.deepEqual([answer.status, answer.numErrors, answer.results.map((p) => p.name)], ['COMPLETE', 1, ['one']]);
  assert.deepEqual([answer.errors[0].category, answer.errors[0].subCategory, answer.errors[0].context.name], ['OBJECT_ALREADY_EXISTS', 'Properties.PROPERTY_WITH_NAME_EXISTS', ['email']]);
  const read = await properties.batchApi.read('contacts', { archived: false, dataSensitivity: 'non_sensitive', inputs: [{ name: 'one' }, { name: 'none' }] });
  assert.deepEqual(read.results.map((p) => p.name), ['one']);
  await properties.batchApi.archive('contacts', { inputs: [{ name: 'one' }] });
  await assert.rejects(properties.coreApi.getByName('contacts', 'one'), { code: 404 });
});

test('a group is created, listed, changed and archived', async () => {
  const made = await properties.groupsApi.create('companies', { name: 'sync', label: 'Sync', displayOrder: -1 });
  assert.deepEqual([made.name, made.archived], ['sync', false]);
  assert.equal((await properties.groupsApi.update('companies', 'sync', { label: 'Synchronised' })).label, 'Synchronised');
  assert.ok((await properties.groupsApi.getAll('companies')).results.some((g) => g.label === 'Synchronised'));
  assert.equal((await properties.groupsApi.getByName('companies', 'sync')).name, 'sync');
  await properties.groupsApi.archive('companies', 'sync');
  await assert.rejects(properties.groupsApi.getByName('companies', 'sync'), { code: 404 });
});

test('names and types are checked', async () => {
  for (const change of [{ name: 'Upper' }, { name: '1st' }, { type: 'wings' }, { fieldType: 'wings' }, { groupName: 'none' }]) {
    await assert.rejects(properties.coreApi.create('contacts', { ...age, name: 'checked', ...change }), { code: 400 }, JSON.stringify(change));
  }
});
