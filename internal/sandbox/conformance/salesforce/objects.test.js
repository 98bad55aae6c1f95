'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/salesforce');

test('an opportunity follows its stage', async () => {
  const conn = await connect();
  const deal = { Name: 'Big', StageName: 'Prospecting', CloseDate: '2030-01-02', Amount: 1000 };
  const { id } = await conn.create('Opportunity', deal);
  const open = await conn.retrieve('Opportunity', id);
  assert.deepEqual([open.IsClosed, open.Probability, open.ExpectedRevenue], [false, 10, 100]);
  await conn.update('Opportunity', { Id: id, StageName: 'Closed Won' });
  const won = await conn.retrieve('Opportunity', id);
  assert.deepEqual([won.IsClosed, won.IsWon, won.Probability], [true, true, 100]);
  await assert.rejects(conn.create('Opportunity', { Name: 'No stage' }), (err) => {
    assert.deepEqual([err.errorCode, err.data.fields.sort()], ['REQUIRED_FIELD_MISSING', ['CloseDate', 'StageName']]);
    return true;
  });
  const { records } = await conn.query('SELECT ApiName, IsClosed, IsWon FROM OpportunityStage WHERE IsWon = true');
  assert.deepEqual(records.map((r) => r.ApiName), ['Closed Won']);
});

test('contacts play roles in opportunities', async () => {
  const conn = await connect();
  const { id: contact } = await conn.create('Contact', { LastName: 'Lee' });
  const { id: deal } = await conn.create('Opportunity', { Name: 'Role', StageName: 'Qualification', CloseDate: '2030-01-02' });
  const role = await conn.create('OpportunityContactRole', { OpportunityId: deal, ContactId: contact, Role: 'Decision Maker', IsPrimary: true });
  assert.equal(role.id.slice(0, 3), '00K');
  const { records } = await conn.query(`SELECT Contact.LastName, Role, IsPrimary FROM OpportunityContactRole WHERE OpportunityId = '${deal}'`);
  assert.deepEqual(records.map((r) => [r.Contact.LastName, r.Role, r.IsPrimary]), [['Lee', 'Decision Maker', true]]);
});

test('a task hangs on a person and a thing', async () => {
  const conn = await connect();
  const { id: who } = await conn.create('Contact', { LastName: 'Lee' });
  const { id: what } = await conn.create('Account', { Name: 'Thing' });
  const { id } = await conn.create('Task', { Subject: 'Call', WhoId: who, WhatId: what, ActivityDate: '2030-01-02' });
  const { records: [task] } = await conn.query(`SELECT Status, Priority, IsClosed, Who.Type, What.Type FROM Task WHERE Id = '${id}'`);
  assert.deepEqual([task.Status, task.Priority, task.IsClosed, task.Who.Type, task.What.Type], ['Not Started', 'Normal', false, 'Contact', 'Account']);
  await conn.update('Task', { Id: id, Status: 'Completed' });
  assert.equal((await conn.retrieve('Task', id)).IsClosed, true);
});

test('an event needs its times', async () => {
  const conn = await connect();
  const { id } = await conn.create('Event', { Subject: 'Meeting', StartDateTime: '2030-01-02T10:00:00Z', DurationInMinutes: 30 });
  const event = await conn.retrieve('Event', id);
  assert.deepEqual([event.EndDateTime, event.ShowAs], ['2030-01-02T10:30:00.000+0000', 'Busy']);
  await assert.rejects(conn.create('Event', { Subject: 'No time' }), (err) => err.errorCode !== undefined);
});

test('a campaign has every member once', async () => {
  const conn = await connect();
  const { id: campaign } = await conn.create('Campaign', { Name: 'Spring', IsActive: true });
  const { id: lead } = await conn.create('Lead', { LastName: 'Lee', Company: 'Example' });
  const member = { CampaignId: campaign, LeadId: lead };
  const { id } = await conn.create('CampaignMember', member);
  assert.deepEqual([(await conn.retrieve('CampaignMember', id)).Status, id.slice(0, 3)], ['Sent', '00v']);
  await assert.rejects(conn.create('CampaignMember', member), { errorCode: 'DUPLICATE_VALUE' });
  await conn.update('CampaignMember', { Id: id, Status: 'Responded' });
  assert.equal((await conn.retrieve('CampaignMember', id)).HasResponded, true);
});
