/**
 * A certificate that signed itself, for `127.0.0.1`, `localhost` and `vendor.test`, and its key. It vouches for nothing and is
 * trusted by nobody but the tests that name it.
 */

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBszCCAVqgAwIBAgIUMeIPNPUqGDg8qkVLbSvcdFbhA+AwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPdW5kZXJzdHVkeSB0ZXN0MCAXDTI2MTEzMDE0MTU1OFoYDzIx
MjYxMTA2MTQxNTU4WjAaMRgwFgYDVQQDDA91bmRlcnN0dWR5IHRlc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAR0O7NM4BLfnYY0Vvl9ayA+ZIcn+hq+aCSpiV/+
iwZmppRtK7mXA1bTziYKbzbKampc5DbO5Jj+hMCmKxijZGmRo3wwejAdBgNVHQ4E
FgQUw4YuWLZlmwAos8YiT8ygtXcAeBowHwYDVR0jBBgwFoAUw4YuWLZlmwAos8Yi
T8ygtXcAeBowDwYDVR0TAQH/BAUwAwEB/zAnBgNVHREEIDAegglsb2NhbGhvc3SC
C3ZlbmRvci50ZXN0hwR/AAABMAoGCCqGSM49BAMCA0cAMEQCIGfsvC/gX4ASCdR0
vIjeXvhbyaiOi88Xuw0uWS68TQSWAiBb8DfXbzaYE0rn8hi7YiJNr1wEyfMaQSiX
CsffFN+McA==
-----END CERTIFICATE-----
`

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrAXS6vkHjysh3i7o
8BgFGKlhvrThZ2ouBQLCJp4duAChRANCAAR0O7NM4BLfnYY0Vvl9ayA+ZIcn+hq+
aCSpiV/+iwZmppRtK7mXA1bTziYKbzbKampc5DbO5Jj+hMCmKxijZGmR
-----END PRIVATE KEY-----
`
