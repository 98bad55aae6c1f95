'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

// stock is 450 leads at three companies.
const stock = async (conn) => {
  const rows = Array.from({ length: 450 }, (_, i) => ({
    LastName: `Name ${String(i).padStart(3, '0')}`, Company: `Company ${i % 3}`, Email: i % 2 ? `n${i}@example.com` : null, AnnualRevenue: i * 1000,
  }));
  const made = await conn.create('Lead', rows, { allowRecursive: true });
  assert.deepEqual([made.length, made.filter((r) => r.success).length], [450, 450]);
};
const pages = { headers: { 'Sforce-Query-Options': 'batchSize=200' } };
const small = (soql, conn, options) => conn.query(soql, { ...pages, ...options });

test.before(async () => stock(await connect()));

test('pages follow nextRecordsUrl', async () => {
  const conn = await connect();
  const first = await small('SELECT Id, LastName FROM Lead ORDER BY LastName', conn);
  assert.deepEqual([first.totalSize, first.done, first.records.length], [450, false, 200]);
  assert.match(new URL(first.nextRecordsUrl).pathname, /^\/services\/data\/v60\.0\/query\/\w{18}-200$/);
  const second = await conn.queryMore(first.nextRecordsUrl);
  assert.deepEqual([second.totalSize, second.done, second.records.length], [450, false, 200]);
  const third = await conn.queryMore(second.nextRecordsUrl);
  assert.deepEqual([third.totalSize, third.done, third.records.length, third.nextRecordsUrl], [450, true, 50, undefined]);
  assert.equal(third.records[49].LastName, 'Name 449');
});

test('autoFetch reads every page and stops at maxFetch', async () => {
  const conn = await connect();
  const all = await small('SELECT Id FROM Lead', conn, { autoFetch: true, maxFetch: 1000 });
  assert.deepEqual([all.records.length, all.done], [450, true]);
  assert.equal(new Set(all.records.map((r) => r.Id)).size, 450);
  const some = await small('SELECT Id FROM Lead', conn, { autoFetch: true, maxFetch: 300 });
  assert.equal(some.records.length, 300);
});

test('records stream one by one', async () => {
  const conn = await connect();
  const names = [];
  for await (const record of small('SELECT LastName FROM Lead ORDER BY LastName DESC', conn, { autoFetch: true, maxFetch: 1000 }).stream()) names.push(record);
  assert.ok(names.join('').startsWith('LastName\nName 449\n'), names.join('').slice(0, 40));
});

test('conditions, lists, patterns and null', async () => {
  const conn = await connect();
  const count = async (where) => (await conn.query(`SELECT COUNT() FROM Lead WHERE ${where}`)).totalSize;
  assert.equal(await count("Company = 'company 1'"), 150, 'text compares without case');
  assert.equal(await count("Company IN ('Company 1', 'Company 2')"), 300);
  assert.equal(await count("NOT Company = 'Company 1'"), 300);
  assert.equal(await count('Email = null'), 225);
  assert.equal(await count("LastName LIKE 'Name 00_'"), 10);
  assert.equal(await count("LastName LIKE '%44%' AND (Email != null OR Company = 'Company 0')"), 7);
  assert.equal(await count('AnnualRevenue >= 449000'), 1);
  assert.equal(await count('CreatedDate = TODAY OR CreatedDate = YESTERDAY'), 450);
});

test('parents are nested, a missing one is null', async () => {
  const conn = await connect();
  const { id } = await conn.create('Account', { Name: 'Parent' });
  await conn.create('Contact', [{ LastName: 'With', AccountId: id }, { LastName: 'Without' }]);
  const { records } = await conn.query('SELECT LastName, Account.Name, Owner.Email FROM Contact ORDER BY LastName');
  assert.equal(records[0].Account.Name, 'Parent');
  assert.equal(records[0].Account.attributes.type, 'Account');
  assert.equal(records[1].Account, null);
  assert.match(records[1].Owner.Email, /@/);
});

test('aggregates have their aliases', async () => {
  const conn = await connect();
  const { records } = await conn.query('SELECT Company, COUNT(Id) n, MAX(AnnualRevenue) FROM Lead GROUP BY Company ORDER BY Company');
  assert.deepEqual(records.map((r) => [r.Company, r.n, r.expr0]), [['Company 0', 150, 447000], ['Company 1', 150, 448000], ['Company 2', 150, 449000]]);
  assert.equal(records[0].attributes.type, 'AggregateResult');
});

test('a semi-join asks another object', async () => {
  const conn = await connect();
  const { records } = await conn.query("SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE LastName = 'With')");
  assert.deepEqual(records.map((r) => r.Name), ['Parent']);
});

test('find builds SOQL that the org understands', async () => {
  const conn = await connect();
  const found = await conn.sobject('Lead').find({ Company: 'Company 2', AnnualRevenue: { $lt: 20_000 }, LastName: { $like: 'Name 0%' } }, 'Id, LastName, Owner.Name')
    .sort('-LastName').limit(2).skip(1);
  assert.deepEqual(found.map((r) => r.LastName), ['Name 014', 'Name 011']);
  assert.equal(typeof found[0].Owner.Name, 'string');
  assert.equal(await conn.sobject('Lead').count({ Email: null }), 225);
});

test('the columns of a query are described', async () => {
  const conn = await connect();
  const answer = await conn.request(`/query?q=${encodeURIComponent('SELECT Id, Owner.Name FROM Lead')}&columns=true`);
  assert.equal(answer.entityName, 'Lead');
  assert.equal(answer.columnMetadata[0].columnName, 'Id');
});

test('deleted records are in queryAll alone', async () => {
  const conn = await connect();
  const { records } = await conn.query("SELECT Id FROM Lead WHERE Company = 'Company 0' LIMIT 5");
  await conn.destroy('Lead', records.map((r) => r.Id));
  assert.equal((await conn.query('SELECT COUNT() FROM Lead')).totalSize, 445);
  const all = await small('SELECT Id, IsDeleted FROM Lead', conn, { scanAll: true, autoFetch: true, maxFetch: 1000 });
  assert.equal(all.records.length, 450);
  assert.equal(all.records.filter((r) => r.IsDeleted).length, 5);
});

test('errors name their code and place', async () => {
  const conn = await connect();
  await assert.rejects(conn.query('SELECT Id FORM Lead'), { errorCode: 'MALFORMED_QUERY' });
  await assert.rejects(conn.query('SELECT Id, Wings FROM Lead'), (err) => {
    assert.equal(err.errorCode, 'INVALID_FIELD');
    assert.match(err.message, /\n {11}\^\nERROR at Row:1:Column:12\nNo such column 'Wings' on entity 'Lead'/);
    return true;
  });
  await assert.rejects(conn.query('SELECT Id FROM Butterfly'), { errorCode: 'INVALID_TYPE' });
  await assert.rejects(conn.queryMore('/services/data/v60.0/query/01g000000000000AAA-2000'), { errorCode: 'INVALID_QUERY_LOCATOR' });
});
