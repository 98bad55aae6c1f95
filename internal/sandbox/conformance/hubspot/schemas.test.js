'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { schemas, objects, properties, associations, contacts } = connect().crm;
const car = {
  name: 'car', labels: { singular: 'Car', plural: 'Cars' }, primaryDisplayProperty: 'model', secondaryDisplayProperties: ['vin'],
  requiredProperties: ['vin'], searchableProperties: ['vin', 'model'], associatedObjects: ['CONTACT'],
  properties: [
    { name: 'model', label: 'Model', type: 'string', fieldType: 'text' },
    { name: 'vin', label: 'VIN', type: 'string', fieldType: 'text', hasUniqueValue: true },
  ],
};
let schema;

test.before(async () => { schema = await schemas.coreApi.create(car); });

test('a schema has an id, a full name and its properties', async () => {
  assert.match(schema.objectTypeId, /^2-\d+$/);
  assert.equal(schema.fullyQualifiedName, 'p12345678_car');
  assert.deepEqual([schema.labels.plural, schema.requiredProperties, schema.primaryDisplayProperty], ['Cars', ['vin'], 'model']);
  const read = await schemas.coreApi.getById('p12345678_car');
  assert.equal(read.objectTypeId, schema.objectTypeId);
  assert.ok(read.properties.some((p) => p.name === 'vin' && p.hasUniqueValue));
  assert.ok(read.associations.some((a) => a.toObjectTypeId === '0-1'));
  assert.deepEqual((await schemas.coreApi.getAll()).results.map((s) => s.name), ['car']);
});

test('its records are written and found like others', async () => {
  const made = await objects.basicApi.create(schema.objectTypeId, { properties: { vin: 'V1', model: 'One' }, associations: [] });
  assert.equal((await objects.basicApi.getById('p12345678_car', 'V1', ['model'], undefined, undefined, false, 'vin')).id, made.id);
  await assert.rejects(objects.basicApi.create('cars', { properties: { model: 'No VIN' }, associations: [] }), { code: 400 });
  const up = await objects.batchApi.upsert(schema.objectTypeId, { inputs: [{ id: 'V1', idProperty: 'vin', properties: { model: 'Two' } }, { id: 'V2', idProperty: 'vin', properties: { vin: 'V2', model: 'Three' } }] });
  assert.deepEqual(up.results.map((r) => r._new).sort(), [false, true]);
  const found = await objects.searchApi.doSearch(schema.objectTypeId, { filterGroups: [{ filters: [{ propertyName: 'model', operator: 'EQ', value: 'two' }] }], properties: ['vin'], sorts: [], limit: 10, after: '0' });
  assert.deepEqual(found.results.map((r) => r.properties.vin), ['V1']);
});

test('its records are associated with the objects it names', async () => {
  const { results } = await associations.v4.schema.definitionsApi.getAll(schema.objectTypeId, 'contacts');
  assert.ok(results.length > 0);
  const owner = await contacts.basicApi.create({ properties: { email: 'driver@example.com' }, associations: [] });
  const { id } = await objects.basicApi.create(schema.objectTypeId, { properties: { vin: 'V3' }, associations: [] });
  await associations.v4.basicApi.createDefault(schema.objectTypeId, id, 'contacts', owner.id);
  const page = await associations.v4.basicApi.getPage('contacts', owner.id, schema.objectTypeId);
  assert.deepEqual(page.results.map((r) => String(r.toObjectId)), [id]);
  const read = await contacts.basicApi.getById(owner.id, undefined, undefined, [schema.objectTypeId]);
  assert.deepEqual(Object.keys(read.associations), ['p12345678_car']);
  assert.ok(read.associations.p12345678_car.results.every((r) => r.id === id));
});

test('a schema is associated with another object later on', async () => {
  const made = await schemas.coreApi.createAssociation(schema.objectTypeId, { fromObjectTypeId: schema.objectTypeId, toObjectTypeId: '0-2', name: 'car_to_company' });
  assert.deepEqual([made.fromObjectTypeId, made.toObjectTypeId, made.name], [schema.objectTypeId, '0-2', 'car_to_company']);
  const ends = async () => (await schemas.coreApi.getById(schema.objectTypeId)).associations.map((a) => a.toObjectTypeId);
  assert.ok((await ends()).includes('0-2'));
  await schemas.coreApi.archiveAssociation(schema.objectTypeId, made.id);
  assert.ok(!(await ends()).includes('0-2'));
});

test('a schema gets properties and other labels', async () => {
  await properties.coreApi.create(schema.objectTypeId, { name: 'colour', label: 'Colour', type: 'string', fieldType: 'text', groupName: 'car_information' });
  const patched = await schemas.coreApi.update(schema.objectTypeId, { labels: { singular: 'Auto', plural: 'Autos' }, searchableProperties: ['vin', 'colour'] });
  assert.equal(patched.labels.plural, 'Autos');
  assert.deepEqual((await schemas.coreApi.getById(schema.objectTypeId)).searchableProperties.sort(), ['colour', 'vin']);
});

test('a schema in use is not archived', async () => {
  await assert.rejects(schemas.coreApi.archive(schema.objectTypeId), { code: 400 });
  const empty = await schemas.coreApi.create({ ...car, name: 'boat', labels: { singular: 'Boat', plural: 'Boats' } });
  await schemas.coreApi.archive(empty.objectTypeId);
  assert.deepEqual((await schemas.coreApi.getAll()).results.map((s) => s.name), ['car']);
  await assert.rejects(schemas.coreApi.create(car), { code: 409 });
});
