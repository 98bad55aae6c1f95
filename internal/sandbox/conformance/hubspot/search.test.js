'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { contacts } = connect().crm;
const find = (request) => contacts.searchApi.doSearch({ limit: 100, after: '0', sorts: [], properties: ['email', 'firstname'], filterGroups: [], ...request });
const where = (...groups) => ({ filterGroups: groups.map((filters) => ({ filters })) });

test.before(async () => {
  for (let from = 0; from < 300; from += 100) {
    const inputs = Array.from({ length: 100 }, (_, i) => ({
      properties: { email: `p${from + i}@example.com`, firstname: (from + i) % 2 ? 'Odd' : 'Even', jobtitle: `T${String(from + i).padStart(3, '0')}` },
    }));
    await contacts.batchApi.create({ inputs });
  }
});

test('groups are alternatives, filters in one hold together', async () => {
  const both = await find(where([{ propertyName: 'firstname', operator: 'EQ', value: 'odd' }, { propertyName: 'jobtitle', operator: 'LT', value: 't010' }]));
  assert.deepEqual([both.total, both.results.every((r) => r.properties.firstname === 'Odd')], [5, true]);
  const either = await find(where([{ propertyName: 'email', operator: 'EQ', value: 'p1@example.com' }], [{ propertyName: 'email', operator: 'IN', values: ['p2@example.com', 'p3@example.com'] }]));
  assert.deepEqual(either.results.map((r) => r.properties.email).sort(), ['p1@example.com', 'p2@example.com', 'p3@example.com']);
  assert.equal((await find(where([{ propertyName: 'phone', operator: 'HAS_PROPERTY' }]))).total, 0);
  assert.equal((await find(where([{ propertyName: 'phone', operator: 'NOT_HAS_PROPERTY' }]))).total, 300);
  assert.equal((await find(where([{ propertyName: 'createdate', operator: 'BETWEEN', value: String(Date.now() - 3_600_000), highValue: String(Date.now() + 60_000) }]))).total, 300);
  assert.equal((await find(where([{ propertyName: 'email', operator: 'CONTAINS_TOKEN', value: 'p29*' }]))).total, 11);
});

test('sorts go both ways', async () => {
  const down = await find({ sorts: ['-jobtitle'], limit: 2, properties: ['jobtitle'] });
  assert.deepEqual(down.results.map((r) => r.properties.jobtitle), ['T299', 'T298']);
  const up = await find({ sorts: [{ propertyName: 'jobtitle', direction: 'ASCENDING' }], limit: 1, properties: ['jobtitle'] });
  assert.deepEqual(up.results.map((r) => r.properties.jobtitle), ['T000']);
});

test('pages are counted from the start', async () => {
  const first = await find({ limit: 200, sorts: ['hs_object_id'] });
  assert.deepEqual([first.total, first.results.length, first.paging.next.after, first.paging.next.link], [300, 200, '200', undefined]);
  const second = await find({ limit: 200, after: '200', sorts: ['hs_object_id'] });
  assert.deepEqual([second.results.length, second.paging], [100, undefined]);
  assert.equal(new Set([...first.results, ...second.results].map((r) => r.id)).size, 300);
});

test('a query searches names and addresses', async () => {
  const { results } = await find({ query: 'p299@example' });
  assert.deepEqual(results.map((r) => r.properties.email), ['p299@example.com']);
});

test('what is too much is refused', async () => {
  const refused = {
    'more than 200 a page': { limit: 201 },
    'past 10,000': { after: '10000' },
    'six groups': where(...Array.from({ length: 6 }, () => [{ propertyName: 'email', operator: 'HAS_PROPERTY' }])),
    'seven filters': where(Array.from({ length: 7 }, () => ({ propertyName: 'email', operator: 'HAS_PROPERTY' }))),
    '3,000 characters': { query: 'x'.repeat(3001) },
    'a place that is no number': { after: 'here' },
  };
  for (const [why, request] of Object.entries(refused)) {
    await assert.rejects(find(request), (err) => err.code === 400 && err.body.message !== '', why);
  }
});
