import { peer } from '@hyperledger/fabric-protos';
import { type ChaincodePackage } from '../../packages/chaincode-package.js';
import { type Fields } from '../../wire/protobuf-reader.js';
import { type ServedChannel } from '../served-channel.js';
import { SystemRefusal } from '../system-chaincode.js';

/** A package that the topology stands for, as an operator named it. */
export interface DeployedPackage {
  readonly label: string;
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  /** Names of the channels that it is defined on. */
  readonly channels: readonly string[];
}

/** What a peer can run. */
export interface Packages {
  /** Of the topology and of `deploy`, which start the servers themselves: there is no package file. */
  readonly deployed: () => readonly DeployedPackage[];
  /** That administrators installed, see `PackageStore`. */
  readonly installed: () => readonly ChaincodePackage[];
  readonly install: (bytes: Uint8Array) => ChaincodePackage;
  readonly load: (packageId: string) => Uint8Array;
}

/** One function about what is installed. @param args its message. @returns bytes of its result message. */
type AboutPackages = (
  args: Fields,
  packages: Packages,
  channels: ReadonlyMap<string, ServedChannel>,
) => Uint8Array | Promise<Uint8Array>;

/** Functions for the peer's own administrators, asked on no channel. Source: Fabric core/chaincode/lifecycle/scc.go. */
export const aboutPackages: Readonly<Record<string, AboutPackages>> = {
  InstallChaincode: (args, packages) => {
    const { label, packageId } = packages.install(args.bytes(1));
    const result = new peer.lifecycle.InstallChaincodeResult();
    result.setLabel(label);
    result.setPackageId(packageId);
    return result.serializeBinary();
  },
  QueryInstalledChaincode: async (args, packages, channels) => {
    const packageId = args.text(1);
    const found = (await allOf(packages, channels)).find((each) => each.packageId === packageId);
    if (found === undefined) throw new SystemRefusal(`could not find chaincode with package id '${packageId}'`);
    const result = new peer.lifecycle.QueryInstalledChaincodeResult();
    result.setLabel(found.label);
    result.setPackageId(packageId);
    for (const [channelId, uses] of found.uses) {
      const references = new peer.lifecycle.QueryInstalledChaincodeResult.References();
      references.setChaincodesList(
        uses.map((use) => named(new peer.lifecycle.QueryInstalledChaincodeResult.Chaincode(), use)),
      );
      result.getReferencesMap().set(channelId, references);
    }
    return result.serializeBinary();
  },
  QueryInstalledChaincodes: async (_, packages, channels) => {
    const result = new peer.lifecycle.QueryInstalledChaincodesResult();
    for (const { label, packageId, uses } of await allOf(packages, channels)) {
      const installed = new peer.lifecycle.QueryInstalledChaincodesResult.InstalledChaincode();
      installed.setLabel(label);
      installed.setPackageId(packageId);
      for (const [channelId, chaincodes] of uses) {
        const references = new peer.lifecycle.QueryInstalledChaincodesResult.References();
        references.setChaincodesList(
          chaincodes.map((use) => named(new peer.lifecycle.QueryInstalledChaincodesResult.Chaincode(), use)),
        );
        installed.getReferencesMap().set(channelId, references);
      }
      result.addInstalledChaincodes(installed);
    }
    return result.serializeBinary();
  },
  GetInstalledChaincodePackage: (args, packages) => {
    const result = new peer.lifecycle.GetInstalledChaincodePackageResult();
    result.setChaincodeInstallPackage(packages.load(args.text(1)));
    return result.serializeBinary();
  },
};

/** A chaincode that runs a package on a channel. */
interface Use {
  readonly name: string;
  readonly version: string;
}

interface KnownPackage {
  readonly label: string;
  readonly packageId: string;
  /** By channel; channels without one are left out. */
  readonly uses: readonly (readonly [string, readonly Use[]])[];
}

async function allOf(packages: Packages, channels: ReadonlyMap<string, ServedChannel>): Promise<KnownPackage[]> {
  const deployed = packages.deployed().map(({ label, packageId, name, version, channels: on }) => ({
    label,
    packageId,
    uses: [...channels.keys()].filter((each) => on.includes(each)).map((each) => [each, [{ name, version }]] as const),
  }));
  const installed: KnownPackage[] = [];
  for (const { label, packageId } of packages.installed()) {
    const uses: [string, readonly Use[]][] = [];
    for (const [channelId, { adopted }] of channels) {
      const mine = (await adopted()).filter((each) => each.packageId === packageId);
      if (mine.length > 0) uses.push([channelId, mine]);
    }
    installed.push({ label, packageId, uses });
  }
  return [...deployed, ...installed];
}

function named<Message extends { setName(name: string): unknown; setVersion(version: string): unknown }>(
  message: Message,
  { name, version }: Use,
): Message {
  message.setName(name);
  message.setVersion(version);
  return message;
}
