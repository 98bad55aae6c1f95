'use strict';
// A jsforce connection to the sandbox's org.

const jsforce = require('jsforce');
const { need, order } = require('./env');

const url = need('SALESFORCE_URL');
const oauth2 = { loginUrl: url, clientId: need('SALESFORCE_CLIENT'), clientSecret: need('SALESFORCE_SECRET') };
const version = '60.0';

// connect logs in with client credentials.
const connect = async (options = {}) => {
  const conn = new jsforce.Connection({ loginUrl: url, version, oauth2, ...options });
  await conn.authorize({ grant_type: 'client_credentials' });
  conn.bulk2.pollInterval = 5;
  return conn;
};

// withKey gives an object a text external id, visible to the running user, as an administrator does.
const withKey = async (conn, object, name = 'HubSpot_Id__c', metadata = {}) => {
  const made = await conn.tooling.create('CustomField', {
    FullName: `${object}.${name}`,
    Metadata: { label: name.replace('__c', '').replaceAll('_', ' '), type: 'Text', length: 32, externalId: true, unique: true, caseSensitive: false, ...metadata },
  });
  const set = await conn.create('PermissionSet', { Name: `P_${object}_${name.replace('__c', '')}`, Label: 'Conformance' });
  await conn.create('FieldPermissions', {
    ParentId: set.id, SobjectType: object, Field: `${object}.${name}`, PermissionsRead: true, PermissionsEdit: true,
  });
  const { user_id } = await conn.identity();
  await conn.create('PermissionSetAssignment', { AssigneeId: user_id, PermissionSetId: set.id });
  return made;
};

module.exports = { jsforce, url, oauth2, version, connect, withKey, order: (...args) => order(url, ...args) };
