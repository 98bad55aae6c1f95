'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

test('a batch asks for several things in one call', async () => {
  const conn = await connect();
  const { hasErrors, results } = await conn.requestPost('/composite/batch', {
    batchRequests: [
      { method: 'GET', url: 'v60.0/sobjects/Account/describe' },
      { method: 'GET', url: 'v60.0/sobjects/Butterfly/describe' },
      { method: 'POST', url: 'v60.0/sobjects/Account', richInput: { Name: 'Batch' } },
    ],
  });
  assert.deepEqual([hasErrors, results.map((r) => r.statusCode)], [true, [200, 404, 201]]);
  assert.equal(results[0].result.name, 'Account');
  assert.equal(results[1].result[0].errorCode, 'NOT_FOUND');
});

test('a tree is saved with its children', async () => {
  const conn = await connect();
  const answer = await conn.requestPost('/composite/tree/Account', {
    records: [{
      attributes: { type: 'Account', referenceId: 'a' }, Name: 'Tree',
      Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, LastName: 'Leaf' }] },
    }],
  });
  assert.equal(answer.hasErrors, false);
  const ids = Object.fromEntries(answer.results.map((r) => [r.referenceId, r.id]));
  assert.equal((await conn.retrieve('Contact', ids.c)).AccountId, ids.a);
});

test('a tree with a bad leaf is not saved', async () => {
  const conn = await connect();
  const before = (await conn.query('SELECT COUNT() FROM Account')).totalSize;
  const tree = { records: [{ attributes: { type: 'Account', referenceId: 'a' }, Name: 'Bad', Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, FirstName: 'x' }] } }] };
  await assert.rejects(conn.requestPost('/composite/tree/Account', tree));
  assert.equal((await conn.query('SELECT COUNT() FROM Account')).totalSize, before);
});

test('a child query nests its records', async () => {
  const conn = await connect();
  const { records: [tree] } = await conn.query("SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Tree'");
  assert.deepEqual([tree.Contacts.totalSize, tree.Contacts.records[0].LastName], [1, 'Leaf']);
  const found = await conn.sobject('Account').find({ Name: 'Tree' }, 'Name').include('Contacts').select('LastName').end();
  assert.equal(found[0].Contacts.records[0].LastName, 'Leaf');
});

test('a record that was not changed since is not sent', async () => {
  const conn = await connect();
  const { id } = await conn.create('Account', { Name: 'Same' });
  const since = new Date(Date.now() + 60_000).toUTCString();
  const answer = await conn.request({ method: 'GET', url: `/sobjects/Account/${id}`, headers: { 'If-Modified-Since': since } });
  assert.equal(answer, '');
  const before = new Date(Date.now() - 60_000).toUTCString();
  await assert.rejects(conn.update('Account', { Id: id, Name: 'Other' }, { headers: { 'If-Unmodified-Since': before } }), (err) => /412/.test(err.errorCode) || /PRECONDITION/i.test(err.errorCode));
  assert.equal((await conn.retrieve('Account', id)).Name, 'Same');
});
