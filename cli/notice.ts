/**
 * What whoever starts or looks at the embedded network must know. It is told in `--help`, by `up` and by `status`,
 * in the two languages; Chinese is the normative one.
 */
export const EMBEDDED_NOTICE = {
  zh: '内嵌网络是一台机器上的一个进程，持有所有机构的私钥：谁运行它，谁就能伪造每一个背书。它用于开发、测试和演示，不证明机构之间的任何信任。',
  en: 'The embedded network is one process on one machine that holds the keys of every organisation: whoever runs it could forge every endorsement. It is for development, tests and demonstrations and proves nothing about trust between organisations.',
} as const;
