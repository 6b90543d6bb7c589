/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_mail.h"

#include <curl/curl.h>
#include <time.h>

#include "base/codec.h"
#include "base/strbuf.h"

enum { LINE = 76, MAX_URL = 512, CONNECT_SECONDS = 10, MAX_SUBJECT = 200 };

/* --- the message --- */

static void add_base64(struct strbuf *out, str text)
{
    AUTO_STRBUF code = STRBUF_INIT(2 * HTTP_MAIL_MAX_TEXT);

    codec_base64(&code, text);
    for (size_t i = 0; i < code.n; i += LINE) {
        strbuf_add(out, str_slice(strbuf_view(&code), i, i + LINE));
        strbuf_addz(out, "\r\n");
    }
}

/* An encoded word holds at most 39 bytes, whole characters of UTF-8. */
static void add_words(struct strbuf *out, str text)
{
    AUTO_STRBUF code = STRBUF_INIT(4096);

    for (size_t at = 0; at < text.n;) {
        size_t end = at + 39 < text.n ? at + 39 : text.n;
        while (end < text.n && end > at + 1 && ((unsigned char)text.p[end] & 0xC0) == 0x80)
            end--;
        strbuf_clear(&code);
        codec_base64(&code, str_slice(text, at, end));
        strbuf_addz(out, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        strbuf_add(out, strbuf_view(&code));
        strbuf_addz(out, "?=");
        at = end;
    }
}

static void add_date(struct strbuf *out, ts when)
{
    static const char *const DAYS_[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t                   seconds = (time_t)(when / TS_PER_SECOND);
    struct tm                t;

    gmtime_r(&seconds, &t);
    strbuf_addf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", DAYS_[t.tm_wday], t.tm_mday,
                MONTHS[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

void http_mail_print(const struct http_mail_server *server, const struct http_mail *mail, struct strbuf *out)
{
    strbuf_addf(out, "From: Vedette <" STR_FMT ">\r\nTo: ", STR_ARG(server->from));
    for (size_t i = 0; i < mail->n_to; i++)
        strbuf_addf(out, "%s<" STR_FMT ">", i ? ",\r\n " : "", STR_ARG(mail->to[i]));
    strbuf_addz(out, "\r\nSubject: ");
    add_words(out, str_slice(mail->subject, 0, MAX_SUBJECT));
    strbuf_addz(out, "\r\n");
    add_date(out, mail->date);
    strbuf_addf(out,
                "Message-ID: <" STR_FMT ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                STR_ARG(mail->id));
    add_base64(out, mail->text);
}

/* --- sending --- */

struct upload {
    str rest;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
    struct upload *u = arg;
    size_t         bytes = size * n < u->rest.n ? size * n : u->rest.n;

    if (bytes)
        memcpy(to, u->rest.p, bytes);
    u->rest = str_from(u->rest, bytes);
    return bytes;
}

static enum rc check(const struct http_mail_server *s, const struct http_mail *m, struct err *err)
{
    if (!s->host.n || !s->from.n)
        return err_set(err, RC_INVALID, "a mail server and an address to send from are needed");
    if (s->security == HTTP_MAIL_PLAIN && (s->user.n || s->password.n))
        return err_set(err, RC_INVALID, "a password goes over TLS only: security is starttls or tls");
    if (!m->n_to || m->n_to > HTTP_MAIL_MAX_TO || m->text.n > HTTP_MAIL_MAX_TEXT)
        return err_set(err, RC_LIMIT, "a message has 1 to %d receivers and at most %d bytes",
                       HTTP_MAIL_MAX_TO, HTTP_MAIL_MAX_TEXT);
    return RC_OK;
}

/* libcurl copies texts that are set, but for the list of receivers. */
static bool set_text(CURL *easy, CURLoption option, str value)
{
    AUTO_STRBUF text = STRBUF_INIT(8192);

    if (!value.n)
        return true;
    strbuf_add(&text, value);
    strbuf_addc(&text, '\0');
    return !text.overflow && curl_easy_setopt(easy, option, text.p) == CURLE_OK;
}

static bool set_server(CURL *easy, const struct http_mail_server *s)
{
    char url[MAX_URL], from[MAX_URL];
    bool tls = s->security == HTTP_MAIL_TLS;

    (void)snprintf(url, sizeof url, "%s://" STR_FMT, tls ? "smtps" : "smtp", STR_ARG(s->host));
    (void)snprintf(from, sizeof from, "<" STR_FMT ">", STR_ARG(s->from));
    bool fine = curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, tls ? "smtps" : "smtp") == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
                set_text(easy, CURLOPT_USERNAME, s->user) && set_text(easy, CURLOPT_PASSWORD, s->password) &&
                set_text(easy, CURLOPT_CAINFO, s->ca_file);
    if (s->security != HTTP_MAIL_PLAIN)
        fine = fine && curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    return fine;
}

static enum rc told(CURL *easy, CURLcode code, const char *story, struct err *err)
{
    long answer = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer);
    if (code == CURLE_LOGIN_DENIED || (answer >= 500 && answer < 600))
        return err_set(err, RC_FORBIDDEN, "the mail server refuses (%ld): %s", answer, story);
    return err_set(err, RC_UNAVAILABLE, "the mail server: %s", story);
}

static enum rc perform(CURL *easy, const struct http_mail_server *s, const struct http_mail *m,
                       struct curl_slist *to, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(4 * HTTP_MAIL_MAX_TEXT);
    char        story[CURL_ERROR_SIZE] = "";

    http_mail_print(s, m, &text);
    TRY(strbuf_ok(&text, "the message", err));
    struct upload upload = { strbuf_view(&text) };
    if (!set_server(easy, s) || curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, story) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_READDATA, &upload) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)(HTTP_MAIL_TIME / TS_PER_SECOND)) != CURLE_OK)
        return err_set(err, RC_INTERNAL, "libcurl has no SMTP");
    CURLcode code = curl_easy_perform(easy);
    return code == CURLE_OK ? RC_OK : told(easy, code, story[0] ? story : curl_easy_strerror(code), err);
}

enum rc http_mail_send(const struct http_mail_server *server, const struct http_mail *mail, struct err *err)
{
    struct curl_slist *to = NULL;
    char               address[MAX_URL];

    TRY(check(server, mail, err));
    CURL *easy = curl_easy_init();
    for (size_t i = 0; i < mail->n_to; i++) {
        (void)snprintf(address, sizeof address, "<" STR_FMT ">", STR_ARG(mail->to[i]));
        to = curl_slist_append(to, address);
    }
    enum rc rc = easy && to ? perform(easy, server, mail, to, err)
                            : err_set(err, RC_INTERNAL, "there is no memory for a message");
    curl_slist_free_all(to);
    curl_easy_cleanup(easy);
    return rc;
}
