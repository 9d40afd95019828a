// Who are the people that keep objects? Members of groups, whose roles have policies, and no more.

import { createIdentityPool, createRole, iam, identities, providerOf, trust, usable } from './identity.mjs';
import { admin, createClient, createPool, createUser, PASSWORD } from './world.mjs';

/** A user pool and an identity pool that gives its users the roles of their groups. */
export async function createShop() {
  const poolId = await createPool();
  const { ClientId: clientId } = await createClient(poolId);
  const identityPoolId = await createIdentityPool({ poolId, clientId });
  const provider = providerOf(poolId);
  await identities.setIdentityPoolRoles({
    IdentityPoolId: identityPoolId,
    Roles: {
      authenticated: await createRole(trust(identityPoolId)),
      unauthenticated: await createRole(trust(identityPoolId, 'unauthenticated')),
    },
    RoleMappings: {
      [`${provider}:${clientId}`]: { Type: 'Token', AmbiguousRoleResolution: 'Deny' },
    },
  });
  return { poolId, clientId, identityPoolId, provider };
}

/** A group whose members may do what these statements say; gives its name and its role's. */
export async function createTeam({ poolId, identityPoolId }, GroupName, statements) {
  const RoleArn = await createRole(trust(identityPoolId));
  const roleName = RoleArn.split('/').at(-1);
  await permit(roleName, statements);
  await admin.createGroup({ UserPoolId: poolId, GroupName, RoleArn });
  return { GroupName, roleName };
}

/** From now on, whoever has that role may do what these statements say. */
export async function permit(RoleName, Statement) {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.putRolePolicy({ RoleName, PolicyName: 'objects', PolicyDocument });
}

/** A new user in that group. */
export async function createMember({ poolId }, { GroupName }) {
  const { username } = await createUser(poolId);
  await admin.adminAddUserToGroup({ UserPoolId: poolId, GroupName, Username: username });
  return username;
}

/** The same with the credentials that the identity pool gives for signing in. */
export async function createHolder(shop, team) {
  const { poolId, clientId, identityPoolId, provider } = shop;
  const { AuthenticationResult } = await admin.adminInitiateAuth({
    UserPoolId: poolId,
    ClientId: clientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: await createMember(shop, team), PASSWORD },
  });
  const Logins = { [provider]: AuthenticationResult.IdToken };
  const { IdentityId } = await identities.getId({ IdentityPoolId: identityPoolId, Logins });
  const { Credentials } = await identities.getCredentialsForIdentity({ IdentityId, Logins });
  return { identityId: IdentityId, credentials: usable(Credentials) };
}
