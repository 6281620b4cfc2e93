/** Which addresses belong to this machine or its network and not to the internet. */
import { BlockList, isIP } from 'node:net';

const internal4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8], // this network, and in effect loopback
  ['10.0.0.0', 8], // private, RFC 1918
  ['100.64.0.0', 10], // behind a carrier's NAT, RFC 6598
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, with the metadata services of clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
];

const internal6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['::ffff:0:0', 96], // IPv4-mapped: the same machine by another spelling
  ['64:ff9b::', 96], // NAT64: an IPv4 address within
  ['64:ff9b:1::', 48],
  ['2001::', 32], // Teredo: an IPv4 address within
  ['2002::', 16], // 6to4: an IPv4 address within
  ['fc00::', 7], // unique local
  ['fe80::', 10], // link-local
  ['fec0::', 10], // site-local
  ['ff00::', 8], // multicast
];

// Two lists, for one list takes an IPv4 address for its mapped form as well.
const list4 = listOf(internal4, 'ipv4');
const list6 = listOf(internal6, 'ipv6');

/** True as well for what is no address at all. */
export function isInternalAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return list4.check(address, 'ipv4');
    case 6:
      return address.includes('%') || list6.check(address, 'ipv6');
    default:
      return true;
  }
}

function listOf(networks: typeof internal4, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}
