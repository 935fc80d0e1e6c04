import { CollectionRules, ownerOfImplicit } from '../../../../network/embedded/commit/collection-rules.js';
import { CHAINCODE, COLLECTION, ORGS, TestChannel } from './test-channel.js';

const peerOf = (mspId: string) => ({ mspId, role: 'peer' as const });

async function rules(): Promise<CollectionRules> {
  const channel = await TestChannel.create();
  await channel.define();
  return new CollectionRules(channel.state, ORGS);
}

test('members are whom the collection says, of a collection that the chaincode has', async () => {
  const of = await rules();
  const isMember = (mspId: string, collection: string) => of.isMember(CHAINCODE, collection, peerOf(mspId));
  expect(['AMSP', 'BMSP', 'CMSP', 'DMSP'].map((mspId) => isMember(mspId, COLLECTION))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isMember('AMSP', 'nosuch')).toBe(false);
  expect(of.isMember('nosuch', COLLECTION, peerOf('AMSP'))).toBe(false);
});

test('every organisation of the channel has a collection of its own in every chaincode that is defined', async () => {
  const of = await rules();
  expect(of.find(CHAINCODE, '_implicit_org_CMSP')).toMatchObject({ memberOnlyRead: false, blockToLive: 0n });
  expect(of.isMember(CHAINCODE, '_implicit_org_CMSP', peerOf('CMSP'))).toBe(true);
  expect(of.isMember(CHAINCODE, '_implicit_org_CMSP', peerOf('AMSP'))).toBe(false);
  expect(of.find(CHAINCODE, '_implicit_org_DMSP')).toBeUndefined();
  expect(of.find('nosuch', '_implicit_org_CMSP')).toBeUndefined();
  expect([ownerOfImplicit('_implicit_org_X'), ownerOfImplicit('x')]).toEqual(['X', undefined]);
});
