// The server's side of TLS, with a certificate that it made for itself.
#ifndef MOM_TESTS_NET_TLS_SERVER_H_
#define MOM_TESTS_NET_TLS_SERVER_H_

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>

namespace mom::testing {

namespace asio = boost::asio;

class TlsServer {
 public:
  TlsServer() {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_->native_handle(), certificate.get());
    SSL_CTX_use_PrivateKey(context_->native_handle(), key.get());
  }

  // Does the handshake and gives the first bytes. Throws where the client breaks it off.
  asio::awaitable<std::string> ReadSome(asio::ip::tcp::socket& socket) const {
    asio::ssl::stream<asio::ip::tcp::socket&> stream(socket, *context_);
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    std::string bytes(1024, '\0');
    const auto space = asio::buffer(bytes);
    bytes.resize(co_await stream.async_read_some(space, asio::use_awaitable));
    co_return bytes;
  }

 private:
  std::unique_ptr<asio::ssl::context> context_ =
      std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
};

}  // namespace mom::testing

#endif  // MOM_TESTS_NET_TLS_SERVER_H_
