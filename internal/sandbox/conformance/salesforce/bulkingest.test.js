'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, withKey } = require('../lib/salesforce');

test.before(async () => withKey(await connect(), 'Contact'));

const people = (n) => Array.from({ length: n }, (_, i) => ({ FirstName: `F${i}`, LastName: `L${i}`, HubSpot_Id__c: `b${i}` }));
const byKey = (rows) => rows.toSorted((a, b) => a.HubSpot_Id__c.localeCompare(b.HubSpot_Id__c, 'en', { numeric: true }));

test('insert, step by step', async () => {
  const conn = await connect();
  const job = conn.bulk2.createJob({ object: 'Contact', operation: 'insert' });
  const opened = await job.open();
  assert.deepEqual([opened.state, opened.operation, opened.object, opened.contentType, opened.lineEnding, opened.columnDelimiter, opened.apiVersion],
    ['Open', 'insert', 'Contact', 'CSV', 'LF', 'COMMA', 60]);
  assert.equal(opened.contentUrl, `services/data/v60.0/jobs/ingest/${opened.id}/batches`);
  await job.uploadData(people(300));
  await job.close();
  assert.equal(job.getInfo().state, 'UploadComplete');
  const states = [];
  job.on('inProgress', (info) => states.push(info.state));
  await job.poll();
  assert.deepEqual(states, ['InProgress']);
  const done = await job.check();
  assert.deepEqual([done.state, done.jobType, done.numberRecordsProcessed, done.numberRecordsFailed], ['JobComplete', 'V2Ingest', 300, 0]);
  const { successfulResults, failedResults, unprocessedRecords } = await job.getAllResults();
  assert.deepEqual([successfulResults.length, failedResults, unprocessedRecords], [300, [], []]);
  assert.notDeepEqual(successfulResults.map((r) => r.LastName), people(300).map((r) => r.LastName), 'results are in no order');
  const first = byKey(successfulResults)[0];
  assert.deepEqual([first.sf__Created, first.LastName, first.sf__Id.slice(0, 3)], ['true', 'L0', '003']);
  assert.equal((await conn.query("SELECT COUNT() FROM Contact WHERE HubSpot_Id__c LIKE 'b%'")).totalSize, 300);
  await job.delete();
  await assert.rejects(job.check(), { errorCode: 'NOT_FOUND' });
});

test('update by id: an empty cell is left alone, #N/A clears', async () => {
  const conn = await connect();
  const { records } = await conn.query("SELECT Id FROM Contact WHERE HubSpot_Id__c IN ('b1', 'b2') ORDER BY HubSpot_Id__c");
  const input = `Id,FirstName,Title\n${records[0].Id},,New\n${records[1].Id},#N/A,New\n`;
  const { successfulResults } = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'update', input });
  assert.deepEqual(successfulResults.map((r) => r.sf__Created), ['false', 'false']);
  const after = await conn.query("SELECT FirstName, Title FROM Contact WHERE Title = 'New' ORDER BY HubSpot_Id__c");
  assert.deepEqual(after.records.map((r) => [r.FirstName, r.Title]), [['F1', 'New'], [null, 'New']]);
});

test('upsert by an external id says what was created', async () => {
  const conn = await connect();
  const input = [{ HubSpot_Id__c: 'b0', LastName: 'Changed' }, { HubSpot_Id__c: 'n0', LastName: 'New' }];
  const { successfulResults } = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'upsert', externalIdFieldName: 'HubSpot_Id__c', input });
  assert.deepEqual(byKey(successfulResults).map((r) => [r.HubSpot_Id__c, r.sf__Created]), [['b0', 'false'], ['n0', 'true']]);
});

test('a bad row fails alone and its error has three parts', async () => {
  const conn = await connect();
  const input = [{ LastName: 'Good', HubSpot_Id__c: 'g0' }, { FirstName: 'No', HubSpot_Id__c: 'g1' }].map((r) => ({ FirstName: '', LastName: '', ...r }));
  const { successfulResults, failedResults } = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'insert', input });
  assert.equal(successfulResults.length, 1);
  assert.deepEqual(failedResults, [{ sf__Id: '', sf__Error: 'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --', FirstName: 'No', LastName: '', HubSpot_Id__c: 'g1' }]);
});

test('a column that is not there fails the job', async () => {
  const conn = await connect();
  const job = conn.bulk2.createJob({ object: 'Contact', operation: 'insert' });
  await job.open();
  await job.uploadData('LastName,Wings\nLee,2\nRay,4\n');
  await job.close();
  await assert.rejects(job.poll(), { message: 'Ingest job failed to complete due to: InvalidBatch : Field name not found : Wings' });
  assert.deepEqual(await job.getUnprocessedRecords(), [{ LastName: 'Lee', Wings: '2' }, { LastName: 'Ray', Wings: '4' }]);
});

test('line ends other than the job says fail it', async () => {
  const conn = await connect();
  const load = (options) => conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'insert', input: 'LastName\r\nLee\r\n', ...options });
  await assert.rejects(load(), { message: 'Ingest job failed to complete due to: ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF' });
  const { successfulResults } = await load({ lineEnding: 'CRLF' });
  assert.equal(successfulResults.length, 1);
});

test('quotes, commas and line breaks arrive', async () => {
  const conn = await connect();
  const text = 'He said "no",\nthen left; café ☕';
  await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'insert', input: [{ LastName: 'Quoted', Description: text }] });
  const { records } = await conn.query("SELECT Description FROM Contact WHERE LastName = 'Quoted'");
  assert.equal(records[0].Description, text);
});

test('delete by id; a second time fails', async () => {
  const conn = await connect();
  const { records } = await conn.query("SELECT Id FROM Contact WHERE HubSpot_Id__c LIKE 'b%' LIMIT 50");
  const input = records.map(({ Id }) => ({ Id }));
  const first = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'delete', input });
  assert.deepEqual([first.successfulResults.length, first.failedResults.length], [50, 0]);
  const second = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'delete', input });
  assert.deepEqual([second.successfulResults.length, second.failedResults.length], [0, 50]);
  assert.match(second.failedResults[0].sf__Error, /^ENTITY_IS_DELETED:entity is deleted:--$/);
});

test('a job that was aborted saves nothing', async () => {
  const conn = await connect();
  const job = conn.bulk2.createJob({ object: 'Contact', operation: 'insert' });
  await job.open();
  await job.uploadData([{ LastName: 'Aborted' }]);
  await job.abort();
  assert.equal(job.getInfo().state, 'Aborted');
  await assert.rejects(job.poll(), { message: 'Job has been aborted' });
  assert.equal((await conn.query("SELECT COUNT() FROM Contact WHERE LastName = 'Aborted'")).totalSize, 0);
});

test('what is asked of a job that is not there', async () => {
  const conn = await connect();
  await assert.rejects(conn.bulk2.job('ingest', { id: '750000000000001AAA' }).check(), { errorCode: 'NOT_FOUND' });
  await assert.rejects(conn.bulk2.createJob({ object: 'Butterfly', operation: 'insert' }).open(), { errorCode: 'INVALIDENTITY' });
  await assert.rejects(conn.bulk2.createJob({ object: 'Contact', operation: 'upsert', externalIdFieldName: 'LastName' }).open(), { errorCode: 'INVALIDJOB' });
});
