'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

const base = '/services/data/v60.0';

test('a later request refers to an earlier one', async () => {
  const conn = await connect();
  const { compositeResponse } = await conn.requestPost('/composite', {
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Parent' } },
      { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'c', body: { LastName: 'Child', AccountId: '@{a.id}' } },
      { method: 'GET', url: `${base}/sobjects/Contact/@{c.id}?fields=AccountId`, referenceId: 'r' },
    ],
  });
  assert.deepEqual(compositeResponse.map((r) => [r.referenceId, r.httpStatusCode]), [['a', 201], ['c', 201], ['r', 200]]);
  assert.equal(compositeResponse[2].body.AccountId, compositeResponse[0].body.id);
});

test('allOrNone halts the siblings and keeps nothing', async () => {
  const conn = await connect();
  const before = (await conn.query('SELECT COUNT() FROM Account')).totalSize;
  const { compositeResponse } = await conn.requestPost('/composite', {
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: 'Good' } },
      { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'c', body: { FirstName: 'No last name' } },
    ],
  });
  assert.deepEqual(compositeResponse.map((r) => [r.httpStatusCode, r.body[0].errorCode]), [[400, 'PROCESSING_HALTED'], [400, 'REQUIRED_FIELD_MISSING']]);
  assert.equal((await conn.query('SELECT COUNT() FROM Account')).totalSize, before);
});

test('without allOrNone the good request stays', async () => {
  const conn = await connect();
  const { compositeResponse } = await conn.requestPost('/composite', {
    compositeRequest: [
      { method: 'GET', url: `${base}/sobjects/Butterfly/describe`, referenceId: 'r0' },
      { method: 'GET', url: `${base}/query?q=SELECT+Id+FROM+Organization`, referenceId: 'r1' },
    ],
  });
  assert.deepEqual(compositeResponse[0], { body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }], httpHeaders: {}, httpStatusCode: 404, referenceId: 'r0' });
  assert.equal(compositeResponse[1].body.totalSize, 1);
});

test('a composite request counts as one call', async () => {
  const conn = await connect();
  await conn.query('SELECT Id FROM Organization');
  const { used } = conn.limitInfo.apiUsage;
  await conn.requestPost('/composite', {
    compositeRequest: [0, 1, 2].map((i) => ({ method: 'GET', url: `${base}/sobjects/Account/describe`, referenceId: `r${i}` })),
  });
  assert.equal(conn.limitInfo.apiUsage.used, used + 1);
});
