'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { contacts, companies } = connect().crm;

test('a contact is created, read, changed and archived', async () => {
  const made = await contacts.basicApi.create({ properties: { email: 'Ann.Lee@Example.com', firstname: 'Ann', lastname: 'Lee' }, associations: [] });
  assert.match(made.id, /^\d+$/);
  assert.deepEqual([made.properties.email, made.properties.lifecyclestage, made.archived], ['ann.lee@example.com', 'lead', false]);
  assert.ok(made.createdAt instanceof Date && !Number.isNaN(made.createdAt.getTime()));
  const read = await contacts.basicApi.getById(made.id, ['firstname', 'phone', 'no_such_property']);
  assert.deepEqual(Object.keys(read.properties), ['createdate', 'firstname', 'hs_object_id', 'lastmodifieddate', 'phone']);
  assert.deepEqual([read.properties.firstname, read.properties.phone, read.properties.hs_object_id], ['Ann', null, made.id]);
  const changed = await contacts.basicApi.update(made.id, { properties: { phone: '+1 555 0100' } });
  assert.equal(changed.properties.phone, '+1 555 0100');
  assert.equal(await contacts.basicApi.archive(made.id), undefined);
  await assert.rejects(contacts.basicApi.getById(made.id), { code: 404 });
  const gone = await contacts.basicApi.getById(made.id, undefined, undefined, undefined, true);
  assert.deepEqual([gone.archived, gone.archivedAt instanceof Date], [true, true]);
});

test('a contact is read and changed by its e-mail address', async () => {
  const { id } = await contacts.basicApi.create({ properties: { email: 'by@example.com' }, associations: [] });
  const read = await contacts.basicApi.getById('BY@example.com', ['email'], undefined, undefined, false, 'email');
  assert.equal(read.id, id);
  const changed = await contacts.basicApi.update('by@example.com', { properties: { firstname: 'By' } }, 'email');
  assert.deepEqual([changed.id, changed.properties.firstname], [id, 'By']);
});

test('the same address twice is a conflict that names the first', async () => {
  const { id } = await contacts.basicApi.create({ properties: { email: 'twice@example.com' }, associations: [] });
  await assert.rejects(contacts.basicApi.create({ properties: { email: 'TWICE@example.com' }, associations: [] }), (err) => {
    assert.equal(err.code, 409);
    assert.deepEqual([err.body.category, err.body.message], ['CONFLICT', `Contact already exists. Existing ID: ${id}`]);
    assert.match(err.body.correlationId, /^[0-9a-f-]{36}$/);
    return true;
  });
});

test('wrong values are named one by one', async () => {
  const properties = { firstname000: 'x', email: 'nobody', hs_lead_status: 'ASLEEP' };
  await assert.rejects(contacts.basicApi.create({ properties, associations: [] }), (err) => {
    assert.deepEqual([err.code, err.body.category], [400, 'VALIDATION_ERROR']);
    assert.match(err.body.message, /^Property values were not valid: \[\{"isValid":false,/);
    const list = JSON.parse(err.body.message.slice(err.body.message.indexOf('[')));
    assert.deepEqual(list.map((e) => `${e.name} ${e.error}`).sort(), ['email INVALID_EMAIL', 'firstname000 PROPERTY_DOESNT_EXIST', 'hs_lead_status INVALID_OPTION']);
    assert.deepEqual(err.body.errors.map((e) => e.code).sort(), ['INVALID_EMAIL', 'INVALID_OPTION', 'PROPERTY_DOESNT_EXIST']);
    return true;
  });
});

test('pages are read to the end', async () => {
  const made = await companies.batchApi.create({ inputs: Array.from({ length: 25 }, (_, i) => ({ properties: { name: `Company ${i}`, domain: `c${i}.example.com` } })) });
  const ids = made.results.map((r) => r.id).sort((a, b) => a - b);
  const first = await companies.basicApi.getPage(10, undefined, ['domain']);
  assert.deepEqual(first.results.map((r) => r.id), ids.slice(0, 10));
  assert.match(first.paging.next.link, /after=/);
  const second = await companies.basicApi.getPage(10, first.paging.next.after, ['domain']);
  assert.deepEqual(second.results.map((r) => r.id), ids.slice(10, 20));
  const third = await companies.basicApi.getPage(10, second.paging.next.after);
  assert.deepEqual([third.results.length, third.paging], [5, undefined]);
  const all = await companies.getAll(10, undefined, ['name', 'domain', 'website']);
  assert.deepEqual(all.map((r) => r.id), ids);
  assert.ok(all.every((r) => r.properties.website === r.properties.domain), 'a domain fills the website');
});

test('what a property held before is read with it', async () => {
  const { id } = await contacts.basicApi.create({ properties: { email: 'history@example.com', firstname: 'One' }, associations: [] });
  await contacts.basicApi.update(id, { properties: { firstname: 'Two' } });
  const { propertiesWithHistory } = await contacts.basicApi.getById(id, undefined, ['firstname']);
  assert.deepEqual(propertiesWithHistory.firstname.map((v) => v.value), ['Two', 'One']);
  assert.equal(propertiesWithHistory.firstname[0].sourceType, 'INTEGRATION');
  await assert.rejects(contacts.basicApi.getPage(51, undefined, undefined, ['firstname']), { code: 400 });
});

test('the archived are listed apart', async () => {
  const { id } = await companies.basicApi.create({ properties: { name: 'Closed' }, associations: [] });
  await companies.basicApi.archive(id);
  assert.ok(!(await companies.getAll()).some((r) => r.id === id));
  const { results } = await companies.basicApi.getPage(100, undefined, ['name'], undefined, undefined, true);
  assert.deepEqual(results.map((r) => [r.id, r.archived]), [[id, true]]);
});

test('the generic objects API serves the same records', async () => {
  const { objects } = connect().crm;
  const { id } = await objects.basicApi.create('companies', { properties: { name: 'Generic' }, associations: [] });
  assert.equal((await objects.basicApi.getById('0-2', id, ['name'])).properties.name, 'Generic');
  assert.equal((await objects.basicApi.update('company', id, { properties: { name: 'Renamed' } })).properties.name, 'Renamed');
  await objects.basicApi.archive('COMPANY', id);
  await assert.rejects(companies.basicApi.getById(id), { code: 404 });
  await assert.rejects(objects.basicApi.getPage('butterflies'), (err) => {
    assert.deepEqual([err.code, err.body.message], [400, 'Unable to infer object type from: butterflies']);
    return true;
  });
});
