'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { connect } = require('../lib/hubspot');

const { deals, tickets, products, lineItems, objects, contacts } = connect().crm;
const now = new Date().toISOString();

test('a deal moves through its stages', async () => {
  const made = await deals.basicApi.create({ properties: { dealname: 'Big', dealstage: 'appointmentscheduled', pipeline: 'default', amount: 1500 }, associations: [] });
  assert.deepEqual([made.properties.amount, made.properties.dealstage], ['1500', 'appointmentscheduled']);
  await deals.basicApi.update(made.id, { properties: { dealstage: 'closedwon' } });
  const read = await deals.basicApi.getById(made.id, ['dealstage', 'hs_is_closed_won']);
  assert.deepEqual([read.properties.dealstage, read.properties.hs_is_closed_won], ['closedwon', 'true']);
  await assert.rejects(deals.basicApi.update(made.id, { properties: { dealstage: 'Closed Won' } }), { code: 400 }, 'a label is no stage');
});

test('a ticket needs a stage', async () => {
  const made = await tickets.basicApi.create({ properties: { subject: 'Help', hs_pipeline: '0', hs_pipeline_stage: '1' }, associations: [] });
  const read = await tickets.basicApi.getById(made.id);
  assert.deepEqual([read.properties.subject, read.properties.hs_pipeline_stage], ['Help', '1']);
  await assert.rejects(tickets.basicApi.create({ properties: { subject: 'No stage' }, associations: [] }), { code: 400 });
});

test('activities have a time', async () => {
  const { id: contact } = await contacts.basicApi.create({ properties: { email: 'active@example.com' }, associations: [] });
  const about = (associationTypeId) => [{ to: { id: contact }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] }];
  const kinds = {
    notes: [{ hs_note_body: 'Called' }, 202], calls: [{ hs_call_title: 'Hello', hs_call_direction: 'OUTBOUND' }, 194], tasks: [{ hs_task_subject: 'Do it', hs_task_status: 'NOT_STARTED' }, 204],
    meetings: [{ hs_meeting_title: 'Meet', hs_meeting_start_time: now }, 200], emails: [{ hs_email_direction: 'EMAIL', hs_email_subject: 'Hi' }, 198],
  };
  for (const [kind, [properties, type]] of Object.entries(kinds)) {
    const made = await objects.basicApi.create(kind, { properties: { hs_timestamp: now, ...properties }, associations: about(type) });
    const read = await objects.basicApi.getById(kind, made.id, Object.keys(properties), undefined, ['contacts']);
    const [[name, value]] = Object.entries(properties);
    assert.equal(read.properties[name], value, kind);
    assert.deepEqual([...new Set(read.associations.contacts.results.map((r) => r.id))], [contact], kind);
    await assert.rejects(objects.basicApi.create(kind, { properties, associations: [] }), { code: 400 }, `${kind} without a time`);
  }
});

test('line items hang on deals and name products', async () => {
  const product = await products.basicApi.create({ properties: { name: 'Widget', price: '9.5', hs_sku: 'W' }, associations: [] });
  const deal = await deals.basicApi.create({ properties: { dealname: 'Sale', dealstage: 'contractsent', pipeline: 'default' }, associations: [] });
  const item = await lineItems.basicApi.create({
    properties: { hs_product_id: product.id, quantity: '2', name: 'Widget', price: '9.5' },
    associations: [{ to: { id: deal.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 20 }] }],
  });
  const read = await deals.basicApi.getById(deal.id, undefined, undefined, ['line_items']);
  assert.deepEqual([...new Set(read.associations['line items'].results.map((r) => r.id))], [item.id]);
});

test('objects of every kind are searched by their own stamp', async () => {
  for (const kind of ['deals', 'tickets', 'products', 'line_items', 'notes', 'tasks']) {
    const page = await objects.searchApi.doSearch(kind, {
      filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(Date.now() - 3_600_000) }] }],
      sorts: ['hs_lastmodifieddate'], properties: ['hs_lastmodifieddate'], limit: 10, after: '0',
    });
    assert.ok(page.total > 0, kind);
    assert.equal(page.results[0].updatedAt.getTime(), new Date(page.results[0].properties.hs_lastmodifieddate).getTime(), kind);
  }
});

test('every object of HubSpot has its pages and properties', async () => {
  const { crm } = connect();
  const kinds = {
    '0-1': 'contacts', '0-2': 'companies', '0-3': 'deals', '0-5': 'tickets', '0-7': 'products', '0-8': 'line_items', '0-14': 'quotes', '0-18': 'communications',
    '0-27': 'tasks', '0-46': 'notes', '0-47': 'meetings', '0-48': 'calls', '0-49': 'emails', '0-53': 'invoices', '0-69': 'subscriptions', '0-101': 'payments', '0-116': 'postal_mail',
    '0-123': 'orders', '0-136': 'leads', '0-142': 'carts', '0-162': 'services', '0-410': 'courses', '0-420': 'listings', '0-421': 'appointments', '0-970': 'projects',
  };
  for (const [id, name] of Object.entries(kinds)) {
    const [byId, byName] = [await objects.basicApi.getPage(id), await objects.basicApi.getPage(name)];
    assert.deepEqual(byId.results.map((r) => r.id), byName.results.map((r) => r.id), name);
    const { results } = await crm.properties.coreApi.getAll(name);
    assert.ok(results.some((p) => p.name === 'hs_object_id' && p.modificationMetadata.readOnlyValue), name);
  }
});
