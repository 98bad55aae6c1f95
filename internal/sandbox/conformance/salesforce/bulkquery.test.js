'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, url } = require('../lib/salesforce');

const rows = 50_001; // one more than a page of results holds
const soql = 'SELECT Id, LastName, Company FROM Lead';

test.before(async () => {
  const conn = await connect();
  const input = ['LastName,Company', ...Array.from({ length: rows }, (_, i) => `Name ${i},Example`), ''].join('\n');
  const { successfulResults } = await conn.bulk2.loadAndWaitForResults({ object: 'Lead', operation: 'insert', input });
  assert.equal(successfulResults.length, rows);
});

// collect is a stream's records.
const collect = async (stream) => {
  const all = [];
  for await (const record of stream.toArray ? await stream.toArray() : stream) all.push(record);
  return all;
};

test('a job is opened, polled and read', async () => {
  const conn = await connect();
  const { QueryJobV2 } = require('jsforce/lib/api/bulk2');
  const job = new QueryJobV2(conn, { bodyParams: { query: `${soql} WHERE LastName LIKE 'Name 1234%'`, operation: 'query' }, pollingOptions: conn.bulk2 });
  const opened = await job.open();
  assert.deepEqual([opened.state, opened.operation, opened.object, opened.contentType], ['UploadComplete', 'query', 'Lead', 'CSV']);
  await job.poll();
  const done = await job.check();
  assert.deepEqual([done.state, done.jobType, done.numberRecordsProcessed], ['JobComplete', 'V2Query', 11]);
  const records = await collect(await job.result());
  assert.deepEqual(Object.keys(records[0]), ['Id', 'LastName', 'Company']);
  assert.equal(records.length, 11);
  await job.delete();
  await assert.rejects(job.check(), { errorCode: 'NOT_FOUND' });
});

test('null is an empty text', async () => {
  const conn = await connect();
  const records = await collect(await conn.bulk2.query("SELECT LastName, Phone, IsConverted FROM Lead WHERE LastName = 'Name 7'"));
  assert.deepEqual(records, [{ LastName: 'Name 7', Phone: '', IsConverted: 'false' }]);
});

test('every page repeats the header', async () => {
  const conn = await connect();
  const job = await conn.requestPost('/jobs/query', { operation: 'query', query: soql });
  for (let info = job; info.state !== 'JobComplete';) info = await conn.request(`/jobs/query/${job.id}`);
  const page = async (locator) => {
    const query = locator ? `?locator=${locator}` : '';
    const answer = await fetch(`${url}/services/data/v60.0/jobs/query/${job.id}/results${query}`, { headers: { Authorization: `Bearer ${conn.accessToken}`, Accept: 'text/csv' } });
    const lines = (await answer.text()).trimEnd().split('\n');
    return { lines, locator: answer.headers.get('sforce-locator'), count: answer.headers.get('sforce-numberofrecords') };
  };
  const first = await page();
  assert.deepEqual([first.lines[0], first.lines.length, first.count], ['"Id","LastName","Company"', 50_001, '50000']);
  const second = await page(first.locator);
  assert.deepEqual([second.lines[0], second.lines.length, second.count, second.locator], ['"Id","LastName","Company"', 2, '1', 'null']);
});

test('what bulk queries cannot do is refused at once', async () => {
  const conn = await connect();
  await assert.rejects(conn.bulk2.query('SELECT COUNT(Id) FROM Lead GROUP BY Company'), { errorCode: 'API_ERROR' });
  await assert.rejects(conn.bulk2.query('SELECT Wings FROM Lead'), (err) => {
    assert.equal(err.errorCode, 'API_ERROR');
    assert.match(err.message, /^INVALID_FIELD: /);
    return true;
  });
});

test('queryAll sees the recycle bin', async () => {
  const conn = await connect();
  const { records: [{ Id }] } = await conn.query("SELECT Id FROM Lead WHERE LastName = 'Name 5'");
  await conn.destroy('Lead', Id);
  const query = `SELECT Id, IsDeleted FROM Lead WHERE LastName = 'Name 5'`;
  assert.deepEqual(await collect(await conn.bulk2.query(query)), []);
  assert.deepEqual(await collect(await conn.bulk2.query(query, { scanAll: true })), [{ Id, IsDeleted: 'true' }]);
});
