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

test('a date that is no version is not found', async () => {
  const { status } = await client.apiRequest({ path: '/crm/objects/2024-09/contacts' });
  assert.equal(status, 404);
});

test('a parameter that is none is refused', async () => {
  const { status, body } = await ask('GET', '/crm/v3/objects/contacts?wings=2');
  assert.deepEqual([status, body.status], [400, 'error']);
});
