// Makes groups in a pool and says which were acknowledged, until it is killed.

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { Cognate, fileStore } from 'cognate/kernel';

const path = process.argv[2];
if (path !== undefined) {
  const { endpoint, credentials, requestHandler } = await Cognate.open({ store: fileStore(path) });
  const aws = new CognitoIdentityProvider({ endpoint, credentials, requestHandler, region: 'eu-west-1' });
  let { UserPools } = await aws.listUserPools({ MaxResults: 1 });
  if (UserPools.length === 0) {
    const UserPoolTags = { 'cognate:token-algorithm': 'ES256' };
    await aws.createUserPool({ PoolName: 'p', UserPoolTags });
    ({ UserPools } = await aws.listUserPools({ MaxResults: 1 }));
  }
  for (;;) {
    const GroupName = crypto.randomUUID();
    await aws.createGroup({ UserPoolId: UserPools[0].Id, GroupName });
    process.stdout.write(`${GroupName}\n`);
  }
}
