// Which stores keep records in this runtime? Each is opened twice; what it says is printed as JSON.

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { Cognate, fileStore, indexedDbStore, sqliteStore } from 'cognate/kernel';

async function keeps(store) {
  try {
    for (const round of [1, 2]) {
      const cognate = await Cognate.open({ store: store() });
      const { credentials, endpoint, requestHandler } = cognate;
      const options = { credentials, endpoint, requestHandler, region: 'eu-west-1' };
      const aws = new CognitoIdentityProvider(options);
      if (round === 1) await aws.createUserPool({ PoolName: 'kept' });
      const { UserPools } = await aws.listUserPools({ MaxResults: 1 });
      await cognate.close();
      if (round === 2) return UserPools[0].Name;
    }
  } catch (error) {
    return error.code ?? String(error);
  }
}

const told = {
  file: await keeps(() => fileStore('./records')),
  sqlite: await keeps(() => sqliteStore('./records.sqlite')),
  indexedDb: await keeps(() => indexedDbStore('records')),
};
console.log(JSON.stringify(told));
