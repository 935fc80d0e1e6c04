/** Largest message in either direction, bytes. Source: Fabric internal/pkg/comm/config.go. */
const messageBytesMax = 100 * 1024 * 1024;

/** gRPC options that both ends of every connection of the network have. */
export const messageLimits = {
  'grpc.max_receive_message_length': messageBytesMax,
  'grpc.max_send_message_length': messageBytesMax,
} as const;
