'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, order } = require('../lib/hubspot');

const { owners, contacts } = connect().crm;
let ann;
let gone;

test.before(async () => {
  const owner = (values) => order('POST', 'records', { object: 'owners', values: { type: 'PERSON', ...values } }).then((r) => r.id);
  ann = await owner({ email: 'Ann@example.com', firstName: 'Ann', lastName: 'Lee', userId: '71' });
  await owner({ email: 'bo@example.com', firstName: 'Bo', userId: '72' });
  gone = await owner({ email: 'gus@example.com', firstName: 'Gus', userId: '73', archived: 'true' });
});

test('owners are listed in pages, the archived apart', async () => {
  const all = await owners.ownersApi.getPage();
  assert.deepEqual(all.results.map((o) => o.firstName).sort(), ['Ann', 'Bo']);
  const first = await owners.ownersApi.getPage(undefined, undefined, 1);
  const second = await owners.ownersApi.getPage(undefined, first.paging.next.after, 1);
  assert.deepEqual([...first.results, ...second.results].map((o) => o.id), all.results.map((o) => o.id));
  const archived = await owners.ownersApi.getPage(undefined, undefined, 100, true);
  assert.deepEqual(archived.results.map((o) => [o.id, o.archived, o.userIdIncludingInactive]), [[gone, true, 73]]);
});

test('an owner is found by address, by id and by user', async () => {
  const { results: [found] } = await owners.ownersApi.getPage('ann@example.com');
  assert.deepEqual([found.id, found.userId, found.type], [ann, 71, 'PERSON']);
  assert.equal((await owners.ownersApi.getById(Number(ann))).email.toLowerCase(), 'ann@example.com');
  assert.equal((await owners.ownersApi.getById(71, 'userId')).id, ann);
  await assert.rejects(owners.ownersApi.getById(999999), { code: 404 });
});

test('a record has an owner who exists', async () => {
  const made = await contacts.basicApi.create({ properties: { email: 'owned@example.com', hubspot_owner_id: ann }, associations: [] });
  assert.equal((await contacts.basicApi.getById(made.id, ['hubspot_owner_id'])).properties.hubspot_owner_id, ann);
  await assert.rejects(contacts.basicApi.update(made.id, { properties: { hubspot_owner_id: '999999' } }), { code: 400 });
  const cleared = await contacts.basicApi.update(made.id, { properties: { hubspot_owner_id: '' } });
  assert.equal((await contacts.basicApi.getById(cleared.id, ['hubspot_owner_id'])).properties.hubspot_owner_id, '');
});
