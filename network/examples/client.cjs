'use strict';
const { createPrivateKey } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Client, credentials } = require('@grpc/grpc-js');
const { connect, hash, signers } = require('@hyperledger/fabric-gateway');

/**
 * `node client.cjs DATA CHAINCODE FUNCTION [ARGUMENT...]` submits one transaction as User1@org1.example.com and prints
 * what the chaincode answered. Nothing here is of this network: keys lie where cryptogen puts them, the address stands
 * in a Fabric connection profile.
 */
async function main([data, chaincode, name, ...parameters]) {
  const organisation = join(data, 'crypto', 'peerOrganizations', 'org1.example.com');
  const profile = JSON.parse(readFileSync(join(organisation, 'connection-org1.json'), 'utf8'));
  const [[peer, { url, tlsCACerts }]] = Object.entries(profile.peers);
  const user = join(organisation, 'users', 'User1@org1.example.com', 'msp');
  const certificate = readFileSync(join(user, 'signcerts', 'User1@org1.example.com-cert.pem'));

  const client = new Client(url.replace('grpcs://', ''), credentials.createSsl(Buffer.from(tlsCACerts.pem)), {
    'grpc.ssl_target_name_override': peer,
  });
  const gateway = connect({
    client,
    identity: { mspId: 'Org1MSP', credentials: certificate },
    signer: signers.newPrivateKeySigner(createPrivateKey(readFileSync(join(user, 'keystore', 'priv_sk')))),
    hash: hash.sha256,
  });
  try {
    const contract = gateway.getNetwork('mychannel').getContract(chaincode);
    const answer = await contract.submitTransaction(name, ...parameters);
    process.stdout.write(`${Buffer.from(answer).toString()}\n`);
  } finally {
    gateway.close();
    client.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message} ${JSON.stringify(error.details ?? [])}\n`);
  process.exitCode = 1;
});
