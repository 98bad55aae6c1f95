'use strict';
// What the Go test says of the sandbox it started for this file.

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with make conformance`);
  return value;
};

// order sends an order to /__sandbox/ of one CRM and returns its answer's JSON, undefined for none.
const order = async (url, method, path, body) => {
  const answer = await fetch(`${url}/__sandbox/${path}`, { method, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
};

module.exports = { need, order };
