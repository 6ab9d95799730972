// Certificates, good and bad, of an authority that is made for one run.
#ifndef MOM_TESTS_TESTING_EMULATOR_CERTIFICATES_H_
#define MOM_TESTS_TESTING_EMULATOR_CERTIFICATES_H_

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <utility>

#include "service/base/async_event.h"

namespace mom::testing {

enum class Certificate {
  kGood,         // for localhost, 127.0.0.1 and ::1
  kExpired,      // an hour ago
  kNotYetValid,  // in an hour
  kWrongHost,    // for another name
  kSelfSigned,   // by nobody else
  kUnknownCa,    // by an authority that nobody knows
  kOldTls,       // good, but the server speaks nothing newer than TLS 1.1
};

// All of them under the names that the program prints.
inline constexpr std::array<std::pair<Certificate, const char*>, 7> kCertificates = {{
    {Certificate::kGood, "good"},
    {Certificate::kExpired, "expired"},
    {Certificate::kNotYetValid, "not_yet_valid"},
    {Certificate::kWrongHost, "wrong_host"},
    {Certificate::kSelfSigned, "self_signed"},
    {Certificate::kUnknownCa, "unknown_ca"},
    {Certificate::kOldTls, "old_tls"},
}};

// Keys and certificates are made at construction and kept in memory only. Immutable.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();

  // Its own certificate, which a client is to trust.
  std::string Pem() const;
  // What a server with that certificate needs; it lets the client choose HTTP/2 or HTTP/1.1.
  std::unique_ptr<asio::ssl::context> ServerContext(Certificate kind) const;

 private:
  struct Issuer;
  std::unique_ptr<const Issuer> issuer_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_CERTIFICATES_H_
