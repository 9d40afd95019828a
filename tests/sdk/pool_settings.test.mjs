// Are the settings that stand beside a pool kept as in Cognito: tags, domains, delivery of logs?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  REGION,
  admin,
  administrator,
  allRefused,
  createPool,
  refused,
  unique,
} from './world.mjs';

const TRAIL = 'arn:aws:logs:eu-west-1:123456789012:log-group:trail';
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/one';

let UserPoolId;

before(async () => {
  UserPoolId = await createPool();
});

async function described(poolId) {
  return (await admin.describeUserPool({ UserPoolId: poolId })).UserPool;
}

test('tags are put on a pool, replaced, listed and taken off', async () => {
  const poolId = await createPool({ UserPoolTags: { stage: 'test', team: 'one' } });
  const { Arn: ResourceArn } = await described(poolId);
  const tags = async () => (await admin.listTagsForResource({ ResourceArn })).Tags;
  assert.deepEqual(await tags(), { stage: 'test', team: 'one' });
  await admin.tagResource({ ResourceArn, Tags: { team: 'two', 'cost center': 'a=b' } });
  const all = { stage: 'test', team: 'two', 'cost center': 'a=b' };
  assert.deepEqual(await tags(), all);
  assert.deepEqual((await described(poolId)).UserPoolTags, all);
  await admin.untagResource({ ResourceArn, TagKeys: ['stage', 'cost center', 'never was'] });
  assert.deepEqual(await tags(), { team: 'two' });

  const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key-${n}`, '']));
  await allRefused(
    [
      admin.tagResource({ ResourceArn, Tags: many }),
      admin.tagResource({ ResourceArn, Tags: { 'aws:mine': 'yes' } }),
    ],
    'InvalidParameterException',
  );
  assert.deepEqual(await tags(), { team: 'two' });
  const nowhere = ResourceArn.replace(poolId, `${REGION}_000000000`);
  await allRefused(
    [
      admin.listTagsForResource({ ResourceArn: nowhere }),
      admin.tagResource({ ResourceArn: nowhere, Tags: { a: 'b' } }),
      admin.untagResource({ ResourceArn: nowhere, TagKeys: ['a'] }),
    ],
    'ResourceNotFoundException',
  );
});

test('tags are replaced as a whole by an update of the pool', async () => {
  const poolId = await createPool({ UserPoolTags: { stage: 'test' } });
  await admin.updateUserPool({ UserPoolId: poolId, UserPoolTags: { owner: 'me' } });
  const { Arn: ResourceArn, UserPoolTags } = await described(poolId);
  assert.deepEqual(UserPoolTags, { owner: 'me' });
  assert.deepEqual((await admin.listTagsForResource({ ResourceArn })).Tags, { owner: 'me' });
});

test('where logs are delivered is told as it was said, and replaced as a whole', async () => {
  const told = async () => {
    const { LogDeliveryConfiguration } = await admin.getLogDeliveryConfiguration({ UserPoolId });
    assert.equal(LogDeliveryConfiguration.UserPoolId, UserPoolId);
    return LogDeliveryConfiguration.LogConfigurations;
  };
  assert.deepEqual(await told(), []);
  const errors = {
    LogLevel: 'ERROR',
    EventSource: 'userNotification',
    CloudWatchLogsConfiguration: { LogGroupArn: TRAIL },
  };
  const events = {
    LogLevel: 'INFO',
    EventSource: 'userAuthEvents',
    S3Configuration: { BucketArn: 'arn:aws:s3:::events' },
  };
  const set = (...LogConfigurations) =>
    admin.setLogDeliveryConfiguration({ UserPoolId, LogConfigurations });
  const { LogDeliveryConfiguration } = await set(errors, events);
  assert.deepEqual(LogDeliveryConfiguration, { UserPoolId, LogConfigurations: [errors, events] });
  assert.deepEqual(await told(), [errors, events]);
  const stream = { StreamArn: 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/events' };
  const { S3Configuration, ...bare } = events;
  await set({ ...bare, FirehoseConfiguration: stream });
  await allRefused(
    [
      set(errors, errors),
      set(bare),
      set({ ...errors, LogLevel: 'INFO' }),
      set({ ...bare, S3Configuration, FirehoseConfiguration: stream }),
    ],
    'InvalidParameterException',
  );
  assert.deepEqual(await told(), [{ ...bare, FirehoseConfiguration: stream }]);
  await set();
  assert.deepEqual(await told(), []);
});

test('a pool has one prefix and one domain of its own', async () => {
  const poolId = await createPool();
  const [Domain, second] = [unique('prefix'), unique('prefix')];
  const custom = `${unique('login')}.example.com`;
  const CustomDomainConfig = { CertificateArn: CERTIFICATE };
  const create = (settings) => admin.createUserPoolDomain({ UserPoolId: poolId, ...settings });
  assert.equal((await create({ Domain, ManagedLoginVersion: 2 })).CloudFrontDomain, undefined);
  assert.ok((await create({ Domain: custom, CustomDomainConfig })).CloudFrontDomain);
  await allRefused(
    [
      create({ Domain: second }),
      create({ Domain: `other.${custom}`, CustomDomainConfig }),
      create({ Domain: 'my-cognito-prefix' }),
      admin.createUserPoolDomain({ UserPoolId, Domain }),
    ],
    'InvalidParameterException',
  );
  const pool = await described(poolId);
  assert.deepEqual([pool.Domain, pool.CustomDomain], [Domain, custom]);

  const { DomainDescription } = await admin.describeUserPoolDomain({ Domain });
  assert.equal(DomainDescription.UserPoolId, poolId);
  assert.equal(DomainDescription.Status, 'ACTIVE');
  assert.equal(DomainDescription.ManagedLoginVersion, 2);
  await admin.updateUserPoolDomain({ UserPoolId: poolId, Domain, ManagedLoginVersion: 1 });
  const updated = await admin.describeUserPoolDomain({ Domain });
  assert.equal(updated.DomainDescription.ManagedLoginVersion, 1);
  assert.notEqual(updated.DomainDescription.Version, DomainDescription.Version);
  const far = await administrator('us-west-2').describeUserPoolDomain({ Domain });
  assert.deepEqual(far.DomainDescription, {}, 'a prefix is of its region');
  const unknown = await admin.describeUserPoolDomain({ Domain: second });
  assert.deepEqual(unknown.DomainDescription, {});
});

test('a domain that was given back is free for another pool', async () => {
  const [first, next] = [await createPool(), await createPool()];
  const Domain = unique('prefix');
  await admin.createUserPoolDomain({ UserPoolId: first, Domain });
  const take = () => admin.createUserPoolDomain({ UserPoolId: next, Domain });
  await refused(take(), 'InvalidParameterException');
  const give = (poolId) => admin.deleteUserPoolDomain({ UserPoolId: poolId, Domain });
  const missing = ['InvalidParameterException', 'No such domain or user pool exists.'];
  await refused(give(next), ...missing);
  await give(first);
  await refused(give(first), ...missing);
  await take();
  const { DomainDescription } = await admin.describeUserPoolDomain({ Domain });
  assert.equal(DomainDescription.UserPoolId, next);
  await refused(
    admin.deleteUserPool({ UserPoolId: next }),
    'InvalidParameterException',
    'User pool cannot be deleted. It has a domain configured that should be deleted first.',
  );
  await give(next);
  await admin.deleteUserPool({ UserPoolId: next });
  assert.deepEqual((await admin.describeUserPoolDomain({ Domain })).DomainDescription, {});
});
