'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const client = connect();
const ask = async (method, path, body) => {
  const answer = await client.apiRequest({ method, path, body });
  return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() };
};

for (const version of ['2025-09', '2026-03', '2026-09']) {
  test(`the ${version} paths serve the same records`, async () => {
    const made = await ask('POST', `/crm/objects/${version}/contacts`, { properties: { email: `v${version}@example.com` } });
    assert.equal(made.status, 201);
    const { id } = made.body;
    const read = await client.crm.contacts.basicApi.getById(id, ['email']);
    assert.equal(read.properties.email, `v${version}@example.com`);
    const found = await ask('POST', `/crm/objects/${version}/contacts/search`, { filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: `v${version}@example.com` }] }] });
    assert.deepEqual([found.body.total, found.body.results[0].id], [1, id]);
    const batch = await ask('POST', `/crm/objects/${version}/contacts/batch/read`, { inputs: [{ id }], properties: ['email'] });
    assert.equal(batch.body.results[0].id, id);
    const property = await ask('GET', `/crm/properties/${version}/contacts/email`);
    assert.equal(property.body.name, 'email');
    assert.equal((await ask('GET', `/crm/owners/${version}`)).status, 200);
    assert.equal((await ask('DELETE', `/crm/objects/${version}/contacts/${id}`)).status, 204);
  });
}

const card = (name) => ({ name, labels: { singular: name, plural: `${name}s` }, primaryDisplayProperty: 'no', requiredProperties: ['no'], associatedObjects: ['CONTACT'], properties: [{ name: 'no', label: 'No', type: 'string', fieldType: 'text' }] });

for (const version of ['2025-09', '2026-03', '2026-09']) {
  test(`the ${version} paths serve associations, lists, pipelines and schemas`, async () => {
    const { id } = await client.crm.contacts.basicApi.create({ properties: { email: `more${version}@example.com` }, associations: [] });
    const { id: company } = await client.crm.companies.basicApi.create({ properties: { name: version }, associations: [] });
    const pair = { from: { id }, to: { id: company }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] };
    assert.equal((await ask('POST', `/crm/associations/${version}/contacts/companies/batch/create`, { inputs: [pair] })).status, 201);
    const read = await ask('POST', `/crm/associations/${version}/contacts/companies/batch/read`, { inputs: [{ id }] });
    assert.equal(String(read.body.results[0].to[0].toObjectId), company);
    const one = await ask('GET', `/crm/objects/${version}/contacts/${id}/associations/companies`);
    assert.equal(typeof one.body.results[0].toObjectId, 'number');
    const list = await ask('POST', `/crm/lists/${version}`, { name: `List ${version}`, objectTypeId: '0-1', processingType: 'MANUAL' });
    const added = await ask('PUT', `/crm/lists/${version}/${list.body.list.listId}/memberships/add`, [id]);
    assert.deepEqual(added.body, { recordsIdsAdded: [id] });
    const pipelines = await ask('GET', `/crm/pipelines/${version}/deals`);
    assert.equal(pipelines.body.results[0].id, 'default');
    const schema = await ask('POST', `/crm-object-schemas/${version}/schemas`, card(`card${version.replace('-', '')}`));
    assert.equal(schema.status, 201, JSON.stringify(schema.body));
    assert.equal((await ask('GET', `/crm-object-schemas/${version}/schemas/${schema.body.objectTypeId}`)).body.name, schema.body.name);
  });
}

test('a date that is no version is not found', async () => {
  const { status } = await client.apiRequest({ path: '/crm/objects/2024-09/contacts' });
  assert.equal(status, 404);
});

test('a parameter that is none is refused', async () => {
  const { status, body } = await ask('GET', '/crm/v3/objects/contacts?wings=2');
  assert.deepEqual([status, body.status], [400, 'error']);
});
