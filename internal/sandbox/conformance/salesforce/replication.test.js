'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

const minutes = (n) => new Date(Date.now() + n * 60_000);

test('what was changed is listed by id', async () => {
  const conn = await connect();
  const made = await conn.create('Account', [{ Name: 'A' }, { Name: 'B' }]);
  const { ids, latestDateCovered } = await conn.updated('Account', minutes(-10), minutes(10));
  assert.deepEqual(ids.sort(), made.map((r) => r.id).sort());
  assert.match(latestDateCovered, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
});

test('what was deleted is listed with its time', async () => {
  const conn = await connect();
  const { id } = await conn.create('Contact', { LastName: 'Gone' });
  await conn.destroy('Contact', id);
  const { deletedRecords, earliestDateAvailable } = await conn.sobject('Contact').deleted(minutes(-10), minutes(10));
  assert.deepEqual(deletedRecords.map((r) => r.id), [id]);
  assert.ok(Math.abs(new Date(deletedRecords[0].deletedDate) - Date.now()) < 120_000);
  assert.ok(new Date(earliestDateAvailable) <= new Date());
});

test('a window too far back is INVALID_REPLICATION_DATE', async () => {
  const conn = await connect();
  await assert.rejects(conn.updated('Account', minutes(-60 * 24 * 40), minutes(0)), { errorCode: 'INVALID_REPLICATION_DATE' });
  await assert.rejects(conn.deleted('Account', minutes(-60 * 24 * 20), minutes(0)), { errorCode: 'INVALID_REPLICATION_DATE' });
});
