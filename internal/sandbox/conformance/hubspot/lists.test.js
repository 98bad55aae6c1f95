'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { lists, contacts } = connect().crm;
const make = async (name, processingType = 'MANUAL', more = {}) => (await lists.listsApi.create({ name, objectTypeId: '0-1', processingType, ...more })).list;
const people = async (...emails) => (await contacts.batchApi.create({ inputs: emails.map((email) => ({ properties: { email } })) })).results.map((r) => r.id).sort();
const members = async (id) => (await lists.membershipsApi.getPage(id)).results.map((m) => m.recordId).sort();

test('a list is made, read, renamed, removed and restored', async () => {
  const made = await make('Newsletter');
  assert.deepEqual([made.name, made.processingType, made.objectTypeId], ['Newsletter', 'MANUAL', '0-1']);
  assert.equal((await lists.listsApi.getById(made.listId)).list.name, 'Newsletter');
  assert.equal((await lists.listsApi.getByName('Newsletter', '0-1')).list.listId, made.listId);
  const { updatedList } = await lists.listsApi.updateName(made.listId, 'Monthly');
  assert.equal(updatedList.name, 'Monthly');
  await lists.listsApi.remove(made.listId);
  await assert.rejects(lists.listsApi.getById(made.listId), (err) => {
    assert.deepEqual([err.code, err.body.subCategory], [404, 'ListError.LIST_ID_DOES_NOT_EXIST']);
    return true;
  });
  await lists.listsApi.restore(made.listId);
  assert.equal((await lists.listsApi.getById(made.listId)).list.name, 'Monthly');
});

test('the same name twice is refused', async () => {
  await make('Once');
  await assert.rejects(make('Once'), (err) => {
    assert.deepEqual([err.code, err.body.subCategory], [400, 'ILS.DUPLICATE_LIST_NAMES']);
    return true;
  });
});

test('members come and go; the unknown are named', async () => {
  const { listId } = await make('Members');
  const [one, two, three] = await people('m1@example.com', 'm2@example.com', 'm3@example.com');
  const added = await lists.membershipsApi.add(listId, [one, two, '999999999999']);
  assert.deepEqual([added.recordsIdsAdded.sort(), added.recordIdsMissing], [[one, two], ['999999999999']]);
  assert.deepEqual(await members(listId), [one, two]);
  const changed = await lists.membershipsApi.addAndRemove(listId, { recordIdsToAdd: [three], recordIdsToRemove: [one] });
  assert.deepEqual([changed.recordsIdsAdded, changed.recordIdsRemoved], [[three], [one]]);
  const removed = await lists.membershipsApi.remove(listId, [two]);
  assert.deepEqual(removed.recordIdsRemoved, [two]);
  assert.deepEqual(await members(listId), [three]);
  await lists.membershipsApi.removeAll(listId);
  assert.deepEqual(await members(listId), []);
});

test('members are paged, and by the time they joined', async () => {
  const { listId } = await make('Pages');
  const ids = await people(...Array.from({ length: 12 }, (_, i) => `page${i}@example.com`));
  await lists.membershipsApi.add(listId, ids);
  const first = await lists.membershipsApi.getPage(listId, undefined, undefined, 10);
  const second = await lists.membershipsApi.getPage(listId, first.paging.next.after, undefined, 10);
  assert.deepEqual([first.results.length, second.results.length], [10, 2]);
  assert.deepEqual([...first.results, ...second.results].map((m) => m.recordId).sort(), ids);
  const joined = await lists.membershipsApi.getPageOrderedByAddedToListDate(listId, undefined, undefined, 100);
  assert.ok(joined.results.every((m) => m.membershipTimestamp instanceof Date));
  assert.equal(joined.results.length, 12);
});

test('one list takes the members of another', async () => {
  const [from, to] = [await make('From'), await make('To')];
  const ids = await people('copy1@example.com', 'copy2@example.com');
  await lists.membershipsApi.add(from.listId, ids);
  await lists.membershipsApi.addAllFromList(to.listId, from.listId);
  assert.deepEqual(await members(to.listId), ids);
  const { results } = await lists.membershipsApi.getLists('0-1', ids[0]);
  assert.deepEqual(results.map((r) => r.listId).sort(), [from.listId, to.listId].sort());
});

test('a dynamic list finds its members by itself', async () => {
  const filter = { filterType: 'PROPERTY', property: 'firstname', operation: { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['Dyna'], includeObjectsWithNoValueSet: false } };
  const filterBranch = { filterBranchType: 'OR', filterBranches: [{ filterBranchType: 'AND', filterBranches: [], filters: [filter] }], filters: [] };
  const { listId, processingStatus } = await make('Dynamic', 'DYNAMIC', { filterBranch });
  assert.equal(processingStatus, 'PROCESSING');
  const { id } = await contacts.basicApi.create({ properties: { email: 'dyna@example.com', firstname: 'Dyna' }, associations: [] });
  assert.deepEqual(await members(listId), [id]);
  await assert.rejects(lists.membershipsApi.add(listId, [id]), { code: 400 });
  const { list } = await lists.listsApi.getById(listId, true);
  assert.equal(list.filterBranch.filterBranches[0].filters[0].property, 'firstname');
});

test('lists are searched and read together', async () => {
  const [one, two] = [await make('Find me 1'), await make('Find me 2')];
  const found = await lists.listsApi.doSearch({ query: 'find me', count: 10, offset: 0, additionalProperties: ['hs_list_size'], processingTypes: ['MANUAL'], listIds: [] });
  assert.deepEqual(found.lists.map((l) => l.listId).sort(), [one.listId, two.listId].sort());
  assert.equal(found.lists[0].additionalProperties.hs_list_size, '0');
  const read = await lists.listsApi.getAll([one.listId, two.listId]);
  assert.deepEqual(read.lists.map((l) => l.name).sort(), ['Find me 1', 'Find me 2']);
  assert.deepEqual((await lists.listsApi.getAll()).lists, []);
});
