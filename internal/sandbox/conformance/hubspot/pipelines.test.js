'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const client = connect();
const { pipelines, deals } = client.crm;
const stage = (label, displayOrder, probability) => ({ label, displayOrder, metadata: { probability, isClosed: String(probability === '0.0' || probability === '1.0') } });

test('deals have HubSpot\'s own pipeline', async () => {
  const { results: [own] } = await pipelines.pipelinesApi.getAll('deals');
  assert.deepEqual([own.id, own.label], ['default', 'Sales Pipeline']);
  const won = own.stages.find((s) => s.id === 'closedwon');
  assert.deepEqual([won.label, won.metadata.isClosed, won.metadata.probability], ['Closed Won', 'true', '1.0']);
  assert.equal(own.stages.length, 7);
});

test('tickets have stages that are open or closed', async () => {
  const own = await pipelines.pipelinesApi.getById('tickets', '0');
  assert.deepEqual(own.stages.map((s) => [s.id, s.metadata.ticketState]), [['1', 'OPEN'], ['2', 'OPEN'], ['3', 'OPEN'], ['4', 'CLOSED']]);
});

test('a pipeline is made, changed, used and archived', async () => {
  const made = await pipelines.pipelinesApi.create('deals', { label: 'Partners', displayOrder: 1, stages: [stage('Talk', 0, '0.1'), stage('Won', 1, '1.0')] });
  const [talk, won] = made.stages;
  assert.deepEqual([made.label, talk.label, won.metadata.isClosed], ['Partners', 'Talk', 'true']);
  const { id } = await deals.basicApi.create({ properties: { dealname: 'One', pipeline: made.id, dealstage: talk.id }, associations: [] });
  await assert.rejects(deals.basicApi.update(id, { properties: { dealstage: 'closedwon' } }), { code: 400 }, 'a stage of another pipeline');
  const renamed = await pipelines.pipelinesApi.update('deals', made.id, { label: 'Partner sales' });
  assert.equal(renamed.label, 'Partner sales');
  const added = await pipelines.pipelineStagesApi.create('deals', made.id, stage('Lost', 2, '0.0'));
  assert.equal((await pipelines.pipelineStagesApi.getAll('deals', made.id)).results.length, 3);
  const changed = await pipelines.pipelineStagesApi.update('deals', made.id, added.id, { label: 'Gone', metadata: { probability: '0.0' } });
  assert.equal(changed.label, 'Gone');
  await assert.rejects(pipelines.pipelinesApi.archive('deals', made.id, true), (err) => {
    assert.deepEqual([err.code, err.body.category], [400, 'VALIDATION_ERROR']);
    assert.match(err.body.message, new RegExp(id));
    return true;
  });
  await pipelines.pipelineStagesApi.archive('deals', made.id, added.id);
  await deals.basicApi.archive(id);
  await pipelines.pipelinesApi.archive('deals', made.id, true);
  await assert.rejects(pipelines.pipelinesApi.getById('deals', made.id), { code: 404 });
});

test('a pipeline and a stage are replaced as a whole', async () => {
  const made = await pipelines.pipelinesApi.create('deals', { label: 'Replace', displayOrder: 2, stages: [stage('Old', 0, '0.1')] });
  const [old] = made.stages;
  const other = await pipelines.pipelineStagesApi.replace('deals', made.id, old.id, stage('Older', 3, '0.3'));
  assert.deepEqual([other.id, other.label, other.metadata.probability], [old.id, 'Older', '0.3']);
  assert.equal((await pipelines.pipelineStagesApi.getById('deals', made.id, old.id)).label, 'Older');
  const replaced = await pipelines.pipelinesApi.replace('deals', made.id, { label: 'Replaced', displayOrder: 2, stages: [stage('New', 0, '0.2')] });
  assert.deepEqual([replaced.label, replaced.stages.map((s) => s.label)], ['Replaced', ['New']]);
  assert.ok(!replaced.stages.some((s) => s.id === old.id));
});

test('what was done to a pipeline is on record', async () => {
  const made = await pipelines.pipelinesApi.create('tickets', { label: 'Audited', displayOrder: 1, stages: [{ label: 'Open', displayOrder: 0, metadata: { ticketState: 'OPEN' } }] });
  const { results } = await pipelines.pipelineAuditsApi.getAudit('tickets', made.id);
  assert.deepEqual(results.map((a) => a.action), ['CREATE']);
  // The client's call for a stage leaves {pipelineId} in the path: asked without it.
  const answer = await client.apiRequest({ path: `/crm/v3/pipelines/tickets/${made.id}/stages/${made.stages[0].id}/audit` });
  assert.equal(answer.status, 200);
});
