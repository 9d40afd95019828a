import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as client from 'cognate/client';
import * as verify from 'cognate/verify';

test('all entries throw the same class', () => {
  assert.equal(client.CognateError, verify.CognateError);
});

test('an error carries its code, its cause and what the service said', () => {
  const cause = new Error('below');
  const error = new client.CognateError('codeMismatch', 'no', {
    cause,
    serviceError: 'CodeMismatchException',
    status: 400,
  });
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.code, error.cause, error.serviceError, error.status],
    ['CognateError', 'codeMismatch', cause, 'CodeMismatchException', 400],
  );
  assert.equal(Object.hasOwn(new client.CognateError('network', 'no'), 'cause'), false);
});
