'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { contacts, properties } = connect().crm;
const inputs = (...emails) => ({ inputs: emails.map((email) => ({ properties: { email } })) });
const byEmail = (list) => list.map((r) => r.properties.email).sort();

test('records are created, in another order than they were sent', async () => {
  const sent = Array.from({ length: 40 }, (_, i) => `order${String(i).padStart(2, '0')}@example.com`);
  const made = await contacts.batchApi.create(inputs(...sent));
  assert.equal(made.status, 'COMPLETE');
  assert.deepEqual(byEmail(made.results), sent);
  assert.notDeepEqual(made.results.map((r) => r.properties.email), sent);
});

test('one bad input refuses all', async () => {
  await contacts.batchApi.create(inputs('taken@example.com'));
  await assert.rejects(contacts.batchApi.create(inputs('new@example.com', 'taken@example.com')), (err) => {
    assert.deepEqual([err.code, err.body.category], [409, 'CONFLICT']);
    return true;
  });
  await assert.rejects(contacts.basicApi.getById('new@example.com', undefined, undefined, undefined, false, 'email'), { code: 404 });
});

test('with a trace id on each the good ones are created', async () => {
  const [{ id }] = (await contacts.batchApi.create(inputs('traced@example.com'))).results;
  const answer = await contacts.batchApi.create({ inputs: [
    { objectWriteTraceId: 'a', properties: { email: 'fresh@example.com' } },
    { objectWriteTraceId: 'b', properties: { email: 'traced@example.com' } },
    { objectWriteTraceId: 'c', properties: { email: 'wrong@example.com', wings: '2' } },
  ] });
  assert.deepEqual([answer.status, answer.numErrors, byEmail(answer.results)], ['COMPLETE', 2, ['fresh@example.com']]);
  const errors = Object.fromEntries(answer.errors.map((e) => [e.context.objectWriteTraceId[0], e]));
  assert.deepEqual([errors.b.category, errors.b.context.existingId], ['CONFLICT', [id]]);
  assert.equal(errors.c.category, 'VALIDATION_ERROR');
});

test('records are read; the missing are one error', async () => {
  const made = await contacts.batchApi.create(inputs('read1@example.com', 'read2@example.com'));
  const answer = await contacts.batchApi.read({
    inputs: [...made.results.map(({ id }) => ({ id })), { id: '999999999991' }, { id: '999999999992' }], properties: ['email'], propertiesWithHistory: [],
  });
  assert.deepEqual(byEmail(answer.results), ['read1@example.com', 'read2@example.com']);
  assert.equal(answer.errors.length, 1);
  assert.equal(answer.errors[0].category, 'OBJECT_NOT_FOUND');
  assert.deepEqual(answer.errors[0].context.ids.sort(), ['999999999991', '999999999992']);
});

test('records are read by another key', async () => {
  await contacts.batchApi.create(inputs('key@example.com'));
  const answer = await contacts.batchApi.read({ idProperty: 'email', inputs: [{ id: 'KEY@example.com' }], properties: ['email'], propertiesWithHistory: [] });
  assert.deepEqual(byEmail(answer.results), ['key@example.com']);
});

test('records are changed; a bad value refuses all, a missing id does not', async () => {
  const { results: [{ id }] } = await contacts.batchApi.create(inputs('change@example.com'));
  const part = await contacts.batchApi.update({ inputs: [{ id, properties: { firstname: 'New' } }, { id: '999999999993', properties: { firstname: 'New' } }] });
  assert.deepEqual([part.results.map((r) => r.id), part.errors[0].context.ids], [[id], ['999999999993']]);
  await assert.rejects(contacts.batchApi.update({ inputs: [{ id, properties: { firstname: 'Lost', wings: '2' } }] }), { code: 400 });
  assert.equal((await contacts.basicApi.getById(id, ['firstname'])).properties.firstname, 'New');
});

test('the same id twice is refused', async () => {
  const { results: [{ id }] } = await contacts.batchApi.create(inputs('dup@example.com'));
  const change = { id, properties: { firstname: 'A' } };
  await assert.rejects(contacts.batchApi.update({ inputs: [change, change] }), (err) => {
    assert.deepEqual([err.code, err.body.message, err.body.context], [400, `Duplicate IDs found in batch input: [${id}]. IDs must be unique`, { ids: [id] }]);
    return true;
  });
});

test('an upsert says what is new', async () => {
  const { results: [{ id: old }] } = await contacts.batchApi.create(inputs('old@example.com'));
  const answer = await contacts.batchApi.upsert({ inputs: ['old@example.com', 'new2@example.com'].map((id) => ({ id, idProperty: 'email', properties: { lastname: 'Up' } })) });
  const known = answer.results.find((r) => r.id === old);
  const fresh = answer.results.find((r) => r.id !== old);
  assert.deepEqual([answer.results.length, known._new, known.properties.lastname], [2, false, 'Up']);
  assert.deepEqual([fresh._new, fresh.properties.email, fresh.properties.lastname], [true, 'new2@example.com', 'Up']);
  await assert.rejects(contacts.batchApi.upsert({ inputs: [{ id: 'x', idProperty: 'lastname', properties: {} }] }), { code: 400 });
});

test('a unique property of ours is a key too', async () => {
  await properties.coreApi.create('contacts', { name: 'sf_id', label: 'Salesforce id', type: 'string', fieldType: 'text', groupName: 'contactinformation', hasUniqueValue: true });
  const up = (lastname) => contacts.batchApi.upsert({ inputs: [{ id: '003A', idProperty: 'sf_id', properties: { sf_id: '003A', lastname } }] });
  const [first] = (await up('One')).results;
  const [second] = (await up('Two')).results;
  assert.deepEqual([first._new, second._new, first.id === second.id], [true, false, true]);
  await assert.rejects(contacts.basicApi.create({ properties: { sf_id: '003A' }, associations: [] }), (err) => {
    assert.equal(err.code, 400);
    assert.match(err.body.message, new RegExp(`propertyName=sf_id, value=003A\\} on \\d+\\. ${first.id} already has that value\\.`));
    return true;
  });
});

test('records are archived, the unknown too', async () => {
  const made = await contacts.batchApi.create(inputs('bye@example.com'));
  const ids = [...made.results.map(({ id }) => ({ id })), { id: '999999999994' }];
  assert.equal(await contacts.batchApi.archive({ inputs: ids }), undefined);
  await assert.rejects(contacts.basicApi.getById(made.results[0].id), { code: 404 });
});

test('more than 100 are too many', async () => {
  const many = Array.from({ length: 101 }, (_, i) => `many${i}@example.com`);
  await assert.rejects(contacts.batchApi.create(inputs(...many)), (err) => {
    assert.deepEqual([err.code, err.body.category], [400, 'VALIDATION_ERROR']);
    assert.match(err.body.message, /^The maximum number of inputs supported in a batch is 100\./);
    return true;
  });
});
