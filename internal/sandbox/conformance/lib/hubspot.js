'use strict';
// HubSpot's own client, on the sandbox's portal.

const hubspot = require('@hubspot/api-client');
const { need, order } = require('./env');

const url = need('HUBSPOT_URL');
const connect = (options = {}) => new hubspot.Client({ accessToken: need('HUBSPOT_TOKEN'), basePath: url, ...options });

module.exports = { hubspot, url, connect, narrowToken: need('HUBSPOT_NARROW_TOKEN'), order: (...args) => order(url, ...args) };
