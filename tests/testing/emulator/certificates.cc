#include "tests/testing/emulator/certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace mom::testing {
namespace {

constexpr long kHour = 3600;
constexpr const char* kGoodNames = "DNS:localhost,IP:127.0.0.1,IP:::1";
constexpr const char* kOtherNames = "DNS:elsewhere.example";

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

template <typename T>
T Made(T made) {
  if (!made) throw std::runtime_error(ERR_reason_error_string(ERR_get_error()));
  return made;
}

Key NewKey() { return Key(Made(EVP_EC_gen("P-256")), &EVP_PKEY_free); }

void AddExtension(X509* certificate, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = Made(X509V3_EXT_conf_nid(nullptr, &context, what, value));
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// A certificate without a signature, valid between these seconds from now.
X509Pointer NewCertificate(EVP_PKEY* key, const char* name, long from, long to) {
  static long serial = 0;
  X509Pointer certificate(Made(X509_new()), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return certificate;
}

// The client's first choice of those that the server speaks.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kSpoken[] = "\x02h2\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, offered, offered_size, kSpoken, sizeof(kSpoken) - 1);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

struct CertificateAuthority::Issuer {
  explicit Issuer(const char* name)
      : key(NewKey()), certificate(NewCertificate(key.get(), name, -24 * kHour, 24 * kHour)) {
    AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    AddExtension(certificate.get(), NID_key_usage, "critical,keyCertSign");
    Sign(certificate.get());
  }

  void Sign(X509* other) const {
    X509_set_issuer_name(other, X509_get_subject_name(certificate.get()));
    if (X509_sign(other, key.get(), EVP_sha256()) == 0) Made(static_cast<X509*>(nullptr));
  }

  const Key key;
  const X509Pointer certificate;
};

CertificateAuthority::CertificateAuthority()
    : issuer_(std::make_unique<const Issuer>("The emulator's authority")) {}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::Pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(Made(BIO_new(BIO_s_mem())), &BIO_free);
  PEM_write_bio_X509(memory.get(), issuer_->certificate.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::unique_ptr<asio::ssl::context> CertificateAuthority::ServerContext(Certificate kind) const {
  const long from = kind == Certificate::kNotYetValid ? kHour : -2 * kHour;
  const long to = kind == Certificate::kExpired ? -kHour : 12 * kHour;
  const bool is_elsewhere = kind == Certificate::kWrongHost;
  const Key key = NewKey();
  const X509Pointer certificate = NewCertificate(key.get(), "emulator", from, to);
  AddExtension(certificate.get(), NID_subject_alt_name, is_elsewhere ? kOtherNames : kGoodNames);
  if (kind == Certificate::kSelfSigned) {
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_sign(certificate.get(), key.get(), EVP_sha256());
  } else if (kind == Certificate::kUnknownCa) {
    Issuer("Nobody's authority").Sign(certificate.get());
  } else {
    issuer_->Sign(certificate.get());
  }

  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  if (kind == Certificate::kOldTls) {
    SSL_CTX_set_cipher_list(native, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION);
  }
  Made(SSL_CTX_use_certificate(native, certificate.get()) == 1);
  Made(SSL_CTX_use_PrivateKey(native, key.get()) == 1);
  SSL_CTX_set_alpn_select_cb(native, &ChooseProtocol, nullptr);
  return context;
}

}  // namespace mom::testing
