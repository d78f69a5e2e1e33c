/** A key that protects nothing, and a certificate for `localhost` that is self-signed. It is valid until 2126. */

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWY7SHQPMOgSa3e+0
bmyGYm34zGiBwA5A2ZyjlamnBRChRANCAAR9AAfICVYpzR5i+xd7sJ7niooCLa9m
omFrfm0ldxQzvx7ahexUXNKjczU6CRbYXYWtSRsgupRekyP/27hu8CEG
-----END PRIVATE KEY-----
`

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUYu8RWUSrxWTa0thuLIatYZtCYicwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE0Mzk0MVoYDzIxMjYxMDMx
MTQzOTQxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR9AAfICVYpzR5i+xd7sJ7niooCLa9momFrfm0ldxQzvx7ahexUXNKj
czU6CRbYXYWtSRsgupRekyP/27hu8CEGo28wbTAdBgNVHQ4EFgQU1Zj7ev/KoAoo
cyOyu3C6d/+Skd8wHwYDVR0jBBgwFoAU1Zj7ev/KoAoocyOyu3C6d/+Skd8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgBt/rUTzYhKAWJCVd5mdvaCbzSnNFkUw1qNTiyFdcaGMCIHld
xsep7r4ZiDt4MIvorTj9UUokVo83q9NQ7s8Kg4gg
-----END CERTIFICATE-----
`
