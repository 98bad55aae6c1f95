'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect, order } = require('../lib/salesforce');

test('limits show the daily calls', async () => {
  const conn = await connect();
  const { DailyApiRequests } = await conn.limits();
  assert.equal(DailyApiRequests.Max, 100_000);
  assert.deepEqual(conn.limitInfo.apiUsage, { used: DailyApiRequests.Max - DailyApiRequests.Remaining, limit: 100_000 });
  await conn.query('SELECT Id FROM Organization');
  assert.equal(conn.limitInfo.apiUsage.used, DailyApiRequests.Max - DailyApiRequests.Remaining + 1);
});

test('record counts leave empty objects out', async () => {
  const conn = await connect();
  await conn.create('Account', [{ Name: 'A' }, { Name: 'B' }]);
  const { sObjects } = await conn.request('/limits/recordCount?sObjects=Account,Contact');
  assert.deepEqual(sObjects, [{ count: 2, name: 'Account' }]);
});

test('the daily limit is REQUEST_LIMIT_EXCEEDED', async () => {
  const conn = await connect();
  await order('POST', 'faults', { faults: [{ system: 'salesforce', path: '/query', kind: '403', code: 'REQUEST_LIMIT_EXCEEDED', count: 1 }] });
  await assert.rejects(conn.query('SELECT Id FROM Organization'), { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' });
  assert.equal((await conn.query('SELECT Id FROM Organization')).totalSize, 1);
});

test('a server that is unavailable is asked again', async () => {
  const conn = await connect();
  await order('POST', 'faults', { faults: [{ system: 'salesforce', path: '/limits', kind: '503', count: 1 }] });
  assert.ok((await conn.limits()).DailyApiRequests.Max > 0);
  await order('DELETE', 'faults');
});

test('a write is not asked again', async () => {
  const conn = await connect();
  await order('POST', 'faults', { faults: [{ system: 'salesforce', method: 'POST', path: '/sobjects/Account', kind: '503', count: 1 }] });
  await assert.rejects(conn.create('Account', { Name: 'Lost' }), { errorCode: 'SERVER_UNAVAILABLE' });
  const { faults: [fault] } = await order('GET', 'faults');
  assert.equal(fault.seen, 1);
});
