/* pfa-redact-key.c - what the name of a value says about the value
 *
 * A name is cut into words (card_number, cardNumber, CARD-NO) and written as "_card_number_"; a
 * rule beginning and ending with _ asks for whole words, any other for letters anywhere in the
 * name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define NAME_MAX_LENGTH 64

typedef struct
{
  const char *pattern;
  PfaKey key;
} Rule;

/* The first that fits decides; what is harmless about a secret stands before the secret. */
static const Rule rules[] = {
  /* longer names that a shorter rule below would take for something else */
  { "_sha256_", PFA_KEY_DIGEST },
  { "_sha_256_", PFA_KEY_DIGEST },
  { "_sha1_", PFA_KEY_DIGEST },
  { "_md5_", PFA_KEY_DIGEST },
  { "_digest_", PFA_KEY_DIGEST },
  { "cardholder", PFA_KEY_PERSON },
  { "_card_holder_", PFA_KEY_PERSON },
  { "_holder_", PFA_KEY_PERSON },
  { "karteninhaber", PFA_KEY_PERSON },
  { "kontoinhaber", PFA_KEY_PERSON },
  { "_account_name_", PFA_KEY_PERSON },
  { "_name_on_card_", PFA_KEY_PERSON },
  { "持卡人", PFA_KEY_PERSON },
  { "wifipass", PFA_KEY_PASSWORD },
  { "_card_verification_", PFA_KEY_VERIFICATION },
  { "_card_security_", PFA_KEY_VERIFICATION },
  { "_security_code_", PFA_KEY_VERIFICATION },
  { "securitycode", PFA_KEY_VERIFICATION },
  { "prüfziffer", PFA_KEY_VERIFICATION },
  { "pruefziffer", PFA_KEY_VERIFICATION },
  { "prüfnummer", PFA_KEY_VERIFICATION },
  { "pruefnummer", PFA_KEY_VERIFICATION },
  { "安全码", PFA_KEY_VERIFICATION },
  { "_cvv_", PFA_KEY_VERIFICATION },
  { "_cvv2_", PFA_KEY_VERIFICATION },
  { "_icvv_", PFA_KEY_VERIFICATION },
  { "_cvc_", PFA_KEY_VERIFICATION },
  { "_cvc2_", PFA_KEY_VERIFICATION },
  { "_cvn_", PFA_KEY_VERIFICATION },
  { "_cvn2_", PFA_KEY_VERIFICATION },
  { "_cvd_", PFA_KEY_VERIFICATION },
  { "_csc_", PFA_KEY_VERIFICATION },
  { "_cav2_", PFA_KEY_VERIFICATION },
  { "_pin_key_", PFA_KEY_SECRET },
  { "pinblock", PFA_KEY_PIN_BLOCK },
  { "_pin_block_", PFA_KEY_PIN_BLOCK },
  { "_pin_data_", PFA_KEY_PIN_BLOCK },
  { "_epb_", PFA_KEY_PIN_BLOCK },
  { "_de52_", PFA_KEY_PIN_BLOCK },
  { "_de052_", PFA_KEY_PIN_BLOCK },
  { "_f52_", PFA_KEY_PIN_BLOCK },
  { "_f052_", PFA_KEY_PIN_BLOCK },
  { "_field52_", PFA_KEY_PIN_BLOCK },
  { "_field_52_", PFA_KEY_PIN_BLOCK },
  { "=_de_52_", PFA_KEY_PIN_BLOCK },
  { "_bit52_", PFA_KEY_PIN_BLOCK },
  { "_bit_52_", PFA_KEY_PIN_BLOCK },
  { "_p52_", PFA_KEY_PIN_BLOCK },
  { "_52_", PFA_KEY_PIN_BLOCK },
  { "_052_", PFA_KEY_PIN_BLOCK },
  { "_track_", PFA_KEY_TRACK },
  { "track1", PFA_KEY_TRACK },
  { "track2", PFA_KEY_TRACK },
  { "track3", PFA_KEY_TRACK },
  { "trackdata", PFA_KEY_TRACK },
  { "_trk1_", PFA_KEY_TRACK },
  { "_trk2_", PFA_KEY_TRACK },
  { "_spur1_", PFA_KEY_TRACK },
  { "_spur2_", PFA_KEY_TRACK },
  { "_spur_2_", PFA_KEY_TRACK },
  { "磁道", PFA_KEY_TRACK },
  { "_de35_", PFA_KEY_TRACK },
  { "_de035_", PFA_KEY_TRACK },
  { "_de36_", PFA_KEY_TRACK },
  { "_de45_", PFA_KEY_TRACK },
  { "_de045_", PFA_KEY_TRACK },
  { "_f35_", PFA_KEY_TRACK },
  { "_f035_", PFA_KEY_TRACK },
  { "_f36_", PFA_KEY_TRACK },
  { "_f45_", PFA_KEY_TRACK },
  { "_field35_", PFA_KEY_TRACK },
  { "_field_35_", PFA_KEY_TRACK },
  { "=_de_35_", PFA_KEY_TRACK },
  { "_field45_", PFA_KEY_TRACK },
  { "_field_45_", PFA_KEY_TRACK },
  { "=_de_45_", PFA_KEY_TRACK },
  { "_bit35_", PFA_KEY_TRACK },
  { "_bit_35_", PFA_KEY_TRACK },
  { "_bit_45_", PFA_KEY_TRACK },
  { "_035_", PFA_KEY_TRACK },
  { "_045_", PFA_KEY_TRACK },
  { "_de55_", PFA_KEY_ICC },
  { "_de055_", PFA_KEY_ICC },
  { "_f55_", PFA_KEY_ICC },
  { "_f055_", PFA_KEY_ICC },
  { "_field55_", PFA_KEY_ICC },
  { "_field_55_", PFA_KEY_ICC },
  { "=_de_55_", PFA_KEY_ICC },
  { "_bit_55_", PFA_KEY_ICC },
  { "_icc_data_", PFA_KEY_ICC },
  { "_055_", PFA_KEY_ICC },
  { "_de14_", PFA_KEY_EXPIRY },
  { "_de014_", PFA_KEY_EXPIRY },
  { "_f14_", PFA_KEY_EXPIRY },
  { "_f014_", PFA_KEY_EXPIRY },
  { "_field14_", PFA_KEY_EXPIRY },
  { "_field_14_", PFA_KEY_EXPIRY },
  { "=_de_14_", PFA_KEY_EXPIRY },
  { "_bit_14_", PFA_KEY_EXPIRY },
  { "_014_", PFA_KEY_EXPIRY },
  { "_exp_date_", PFA_KEY_EXPIRY },
  { "_expiry_date_", PFA_KEY_EXPIRY },
  { "_expiration_date_", PFA_KEY_EXPIRY },
  { "_card_expiry_", PFA_KEY_EXPIRY },
  { "_card_exp_", PFA_KEY_EXPIRY },
  { "_expiry_", PFA_KEY_EXPIRY },
  { "_expdate_", PFA_KEY_EXPIRY },
  { "_exp_", PFA_KEY_EXPIRY },
  { "_valid_thru_", PFA_KEY_EXPIRY },
  { "有效期", PFA_KEY_EXPIRY },
  /* harmless numbers, before "number", "code" and "key" below */
  { "_terminal_serial_", PFA_KEY_SERIAL },
  { "_order_", PFA_KEY_ORDER },
  { "_orderid_", PFA_KEY_ORDER },
  { "_orderno_", PFA_KEY_ORDER },
  { "tradeno", PFA_KEY_ORDER },
  { "_trade_no_", PFA_KEY_ORDER },
  { "_transaction_id_", PFA_KEY_ORDER },
  { "transactionid", PFA_KEY_ORDER },
  { "_txn_id_", PFA_KEY_ORDER },
  { "订单号", PFA_KEY_ORDER },
  { "交易号", PFA_KEY_ORDER },
  { "_ean_", PFA_KEY_ARTICLE },
  { "_ean13_", PFA_KEY_ARTICLE },
  { "_gtin_", PFA_KEY_ARTICLE },
  { "_upc_", PFA_KEY_ARTICLE },
  { "_isbn_", PFA_KEY_ARTICLE },
  { "barcode", PFA_KEY_ARTICLE },
  { "_article_", PFA_KEY_ARTICLE },
  { "_artikel_", PFA_KEY_ARTICLE },
  { "_sku_", PFA_KEY_ARTICLE },
  { "_item_", PFA_KEY_ARTICLE },
  { "商品", PFA_KEY_ARTICLE },
  { "_epoch_", PFA_KEY_TIME },
  { "timestamp", PFA_KEY_TIME },
  { "_ts_", PFA_KEY_TIME },
  { "_rrn_", PFA_KEY_REFERENCE },
  { "retrieval", PFA_KEY_REFERENCE },
  { "_reference_", PFA_KEY_REFERENCE },
  { "_reference_number_", PFA_KEY_REFERENCE },
  { "_ref_", PFA_KEY_REFERENCE },
  { "_refno_", PFA_KEY_REFERENCE },
  { "_f37_", PFA_KEY_REFERENCE },
  { "_f037_", PFA_KEY_REFERENCE },
  { "_de37_", PFA_KEY_REFERENCE },
  { "_de037_", PFA_KEY_REFERENCE },
  { "_field_37_", PFA_KEY_REFERENCE },
  { "_037_", PFA_KEY_REFERENCE },
  { "参考号", PFA_KEY_REFERENCE },
  { "检索号", PFA_KEY_REFERENCE },
  { "referenznummer", PFA_KEY_REFERENCE },
  { "_stan_", PFA_KEY_TRACE },
  { "_trace_", PFA_KEY_TRACE },
  { "traceno", PFA_KEY_TRACE },
  { "tracenumber", PFA_KEY_TRACE },
  { "_f11_", PFA_KEY_TRACE },
  { "_de11_", PFA_KEY_TRACE },
  { "_f011_", PFA_KEY_TRACE },
  { "_de011_", PFA_KEY_TRACE },
  { "_batch_", PFA_KEY_TRACE },
  { "流水号", PFA_KEY_TRACE },
  { "凭证号", PFA_KEY_TRACE },
  { "批次号", PFA_KEY_TRACE },
  { "belegnummer", PFA_KEY_TRACE },
  { "tracenummer", PFA_KEY_TRACE },
  { "_tid_", PFA_KEY_TERMINAL },
  { "_terminal_id_", PFA_KEY_TERMINAL },
  { "terminalid", PFA_KEY_TERMINAL },
  { "_term_id_", PFA_KEY_TERMINAL },
  { "_terminal_no_", PFA_KEY_TERMINAL },
  { "_terminal_number_", PFA_KEY_TERMINAL },
  { "_f41_", PFA_KEY_TERMINAL },
  { "_f041_", PFA_KEY_TERMINAL },
  { "_de41_", PFA_KEY_TERMINAL },
  { "_de041_", PFA_KEY_TERMINAL },
  { "终端号", PFA_KEY_TERMINAL },
  { "终端编号", PFA_KEY_TERMINAL },
  { "_mid_", PFA_KEY_MERCHANT },
  { "_merchant_id_", PFA_KEY_MERCHANT },
  { "merchantid", PFA_KEY_MERCHANT },
  { "_merchant_no_", PFA_KEY_MERCHANT },
  { "_merchant_number_", PFA_KEY_MERCHANT },
  { "_f42_", PFA_KEY_MERCHANT },
  { "_f042_", PFA_KEY_MERCHANT },
  { "_de42_", PFA_KEY_MERCHANT },
  { "_de042_", PFA_KEY_MERCHANT },
  { "商户号", PFA_KEY_MERCHANT },
  { "商户编号", PFA_KEY_MERCHANT },
  { "_vu_nummer_", PFA_KEY_MERCHANT },
  { "vertragspartnernummer", PFA_KEY_MERCHANT },
  { "_version_", PFA_KEY_VERSION },
  { "_firmware_", PFA_KEY_VERSION },
  { "_software_", PFA_KEY_VERSION },
  { "_fw_", PFA_KEY_VERSION },
  { "_sw_", PFA_KEY_VERSION },
  { "_build_", PFA_KEY_VERSION },
  { "_release_", PFA_KEY_VERSION },
  { "_ver_", PFA_KEY_VERSION },
  { "版本", PFA_KEY_VERSION },
  /* passwords */
  { "passw", PFA_KEY_PASSWORD },
  { "passphrase", PFA_KEY_PASSWORD },
  { "passcode", PFA_KEY_PASSWORD },
  { "kennwort", PFA_KEY_PASSWORD },
  { "wachtwoord", PFA_KEY_PASSWORD },
  { "_senha_", PFA_KEY_PASSWORD },
  { "contrase", PFA_KEY_PASSWORD },
  { "_mot_de_passe_", PFA_KEY_PASSWORD },
  { "_mdp_", PFA_KEY_PASSWORD },
  { "pwd", PFA_KEY_PASSWORD },
  { "_pass_", PFA_KEY_PASSWORD },
  { "_pw_", PFA_KEY_PASSWORD },
  { "_pwrd_", PFA_KEY_PASSWORD },
  { "psk", PFA_KEY_PASSWORD },
  { "_wpa_", PFA_KEY_PASSWORD },
  { "_wep_", PFA_KEY_PASSWORD },
  { "_key_mgmt_", PFA_KEY_NONE },
  { "_wpa_key_", PFA_KEY_PASSWORD },
  { "_wifi_key_", PFA_KEY_PASSWORD },
  { "_wlan_key_", PFA_KEY_PASSWORD },
  { "_network_key_", PFA_KEY_PASSWORD },
  { "_key_content_", PFA_KEY_PASSWORD },
  { "wifischlüssel", PFA_KEY_PASSWORD },
  { "netzwerkschlüssel", PFA_KEY_PASSWORD },
  { "netzwerksicherheitsschlüssel", PFA_KEY_PASSWORD },
  { "schlüsselinhalt", PFA_KEY_PASSWORD },
  { "密码", PFA_KEY_PASSWORD },
  { "密碼", PFA_KEY_PASSWORD },
  { "口令", PFA_KEY_PASSWORD },
  { "=_identified_", PFA_KEY_PASSWORD },
  { "关键内容", PFA_KEY_PASSWORD },
  { "_private_mac_", PFA_KEY_SECRET },
  { "=_sign_", PFA_KEY_TOKEN },
  { "zugangsdaten", PFA_KEY_PASSWORD },
  { "credential", PFA_KEY_PASSWORD },
  { "_creds_", PFA_KEY_PASSWORD },
  { "geheimzahl", PFA_KEY_PIN },
  { "geheimnis", PFA_KEY_PASSWORD },
  /* tokens */
  { "_otp_", PFA_KEY_CODE },
  { "_totp_", PFA_KEY_CODE },
  { "_tan_", PFA_KEY_CODE },
  { "_sms_code_", PFA_KEY_CODE },
  { "smscode", PFA_KEY_CODE },
  { "_verification_code_", PFA_KEY_CODE },
  { "verificationcode", PFA_KEY_CODE },
  { "_one_time_", PFA_KEY_CODE },
  { "验证码", PFA_KEY_CODE },
  { "校验码", PFA_KEY_CODE },
  { "动态码", PFA_KEY_CODE },
  { "cookie", PFA_KEY_COOKIE },
  { "authorization", PFA_KEY_AUTH },
  { "authorisation", PFA_KEY_AUTH },
  { "_x_auth_", PFA_KEY_TOKEN },
  { "_token_", PFA_KEY_TOKEN },
  { "token", PFA_KEY_TOKEN },
  { "_bearer_", PFA_KEY_TOKEN },
  { "_jwt_", PFA_KEY_TOKEN },
  { "_session_id_", PFA_KEY_TOKEN },
  { "sessionid", PFA_KEY_TOKEN },
  { "sessid", PFA_KEY_TOKEN },
  { "=_session_", PFA_KEY_TOKEN },
  { "_sid_", PFA_KEY_TOKEN },
  { "_csrf_", PFA_KEY_TOKEN },
  { "_xsrf_", PFA_KEY_TOKEN },
  { "_signature_", PFA_KEY_TOKEN },
  { "_sig_", PFA_KEY_TOKEN },
  { "_webhook_", PFA_KEY_TOKEN },
  { "令牌", PFA_KEY_TOKEN },
  { "签名", PFA_KEY_TOKEN },
  /* keys */
  { "_public_key_", PFA_KEY_NONE },
  { "publickey", PFA_KEY_NONE },
  { "_key_id_", PFA_KEY_NONE },
  { "_host_key_", PFA_KEY_NONE },
  { "secret", PFA_KEY_SECRET },
  { "_geheim_", PFA_KEY_SECRET },
  { "apikey", PFA_KEY_SECRET },
  { "accesskey", PFA_KEY_SECRET },
  { "privatekey", PFA_KEY_SECRET },
  { "sharedkey", PFA_KEY_SECRET },
  { "masterkey", PFA_KEY_SECRET },
  { "sessionkey", PFA_KEY_SECRET },
  { "workingkey", PFA_KEY_SECRET },
  { "pinkey", PFA_KEY_SECRET },
  { "mackey", PFA_KEY_SECRET },
  { "authkey", PFA_KEY_SECRET },
  { "signkey", PFA_KEY_SECRET },
  { "hmackey", PFA_KEY_SECRET },
  { "aeskey", PFA_KEY_SECRET },
  { "deskey", PFA_KEY_SECRET },
  { "encryptionkey", PFA_KEY_SECRET },
  { "_api_key_", PFA_KEY_SECRET },
  { "_access_key_", PFA_KEY_SECRET },
  { "_private_key_", PFA_KEY_SECRET },
  { "_shared_key_", PFA_KEY_SECRET },
  { "_master_key_", PFA_KEY_SECRET },
  { "_session_key_", PFA_KEY_SECRET },
  { "_working_key_", PFA_KEY_SECRET },
  { "_data_key_", PFA_KEY_SECRET },
  { "_mac_key_", PFA_KEY_SECRET },
  { "_auth_key_", PFA_KEY_SECRET },
  { "_sign_key_", PFA_KEY_SECRET },
  { "_signing_key_", PFA_KEY_SECRET },
  { "_encryption_key_", PFA_KEY_SECRET },
  { "_enc_key_", PFA_KEY_SECRET },
  { "_storage_key_", PFA_KEY_SECRET },
  { "_account_key_", PFA_KEY_SECRET },
  { "_transport_key_", PFA_KEY_SECRET },
  { "_license_key_", PFA_KEY_SECRET },
  { "_licence_key_", PFA_KEY_SECRET },
  { "_app_key_", PFA_KEY_SECRET },
  { "_client_key_", PFA_KEY_SECRET },
  { "_terminal_key_", PFA_KEY_SECRET },
  { "_aes_key_", PFA_KEY_SECRET },
  { "_des_key_", PFA_KEY_SECRET },
  { "_3des_key_", PFA_KEY_SECRET },
  { "_tdes_key_", PFA_KEY_SECRET },
  { "_hmac_key_", PFA_KEY_SECRET },
  { "_rsa_key_", PFA_KEY_SECRET },
  { "_ssh_key_", PFA_KEY_SECRET },
  { "_salt_", PFA_KEY_SECRET },
  { "_seed_", PFA_KEY_SECRET },
  { "_tmk_", PFA_KEY_SECRET },
  { "_tpk_", PFA_KEY_SECRET },
  { "_tak_", PFA_KEY_SECRET },
  { "_tdk_", PFA_KEY_SECRET },
  { "_twk_", PFA_KEY_SECRET },
  { "_zmk_", PFA_KEY_SECRET },
  { "_zpk_", PFA_KEY_SECRET },
  { "_zak_", PFA_KEY_SECRET },
  { "_kek_", PFA_KEY_SECRET },
  { "_dek_", PFA_KEY_SECRET },
  { "_bdk_", PFA_KEY_SECRET },
  { "_ipek_", PFA_KEY_SECRET },
  { "_lmk_", PFA_KEY_SECRET },
  { "_pik_", PFA_KEY_SECRET },
  { "_mak_", PFA_KEY_SECRET },
  { "密钥", PFA_KEY_SECRET },
  { "密匙", PFA_KEY_SECRET },
  { "主密钥", PFA_KEY_SECRET },
  { "schlüssel", PFA_KEY_SECRET },
  { "schluessel", PFA_KEY_SECRET },
  { "_key_", PFA_KEY_BARE },
  /* cards */
  { "_pin_", PFA_KEY_PIN },
  { "_pincode_", PFA_KEY_PIN },
  { "_cardno_", PFA_KEY_CARD },
  { "cardnum", PFA_KEY_CARD },
  { "_card_", PFA_KEY_CARD },
  { "_karte_", PFA_KEY_CARD },
  { "kartennummer", PFA_KEY_CARD },
  { "kartennr", PFA_KEY_CARD },
  { "kreditkarte", PFA_KEY_CARD },
  { "_creditcard_", PFA_KEY_CARD },
  { "_cc_", PFA_KEY_CARD },
  { "_ccnum_", PFA_KEY_CARD },
  { "_pan_", PFA_KEY_CARD },
  { "_acct_", PFA_KEY_CARD },
  { "_account_", PFA_KEY_CARD },
  { "accountnumber", PFA_KEY_CARD },
  { "_konto_", PFA_KEY_CARD },
  { "kontonummer", PFA_KEY_CARD },
  { "_tarjeta_", PFA_KEY_CARD },
  { "卡号", PFA_KEY_CARD },
  { "卡號", PFA_KEY_CARD },
  { "账号", PFA_KEY_CARD },
  { "银行卡", PFA_KEY_CARD },
  { "主账号", PFA_KEY_CARD },
  { "_de2_", PFA_KEY_CARD },
  { "_de02_", PFA_KEY_CARD },
  { "_de002_", PFA_KEY_CARD },
  { "_f2_", PFA_KEY_CARD },
  { "_f02_", PFA_KEY_CARD },
  { "_f002_", PFA_KEY_CARD },
  { "_field2_", PFA_KEY_CARD },
  { "_field_2_", PFA_KEY_CARD },
  { "=_de_2_", PFA_KEY_CARD },
  { "_bit_2_", PFA_KEY_CARD },
  { "_002_", PFA_KEY_CARD },
  /* people and things of the shop */
  { "身份证", PFA_KEY_IDENTITY },
  { "证件号", PFA_KEY_IDENTITY },
  { "护照", PFA_KEY_IDENTITY },
  { "_idcard_", PFA_KEY_IDENTITY },
  { "_id_card_", PFA_KEY_IDENTITY },
  { "_ssn_", PFA_KEY_IDENTITY },
  { "ausweis", PFA_KEY_IDENTITY },
  { "passport", PFA_KEY_IDENTITY },
  { "_iban_", PFA_KEY_IBAN },
  { "_serial_", PFA_KEY_SERIAL },
  { "serialno", PFA_KEY_SERIAL },
  { "serialnum", PFA_KEY_SERIAL },
  { "seriennummer", PFA_KEY_SERIAL },
  { "seriennr", PFA_KEY_SERIAL },
  { "_sn_", PFA_KEY_SERIAL },
  { "_s_n_", PFA_KEY_SERIAL },
  { "_ser_", PFA_KEY_SERIAL },
  { "_imei_", PFA_KEY_SERIAL },
  { "_iccid_", PFA_KEY_SERIAL },
  { "_imsi_", PFA_KEY_SERIAL },
  { "_meid_", PFA_KEY_SERIAL },
  { "_eid_", PFA_KEY_SERIAL },
  { "序列号", PFA_KEY_SERIAL },
  { "设备号", PFA_KEY_SERIAL },
  { "hostname", PFA_KEY_HOST },
  { "_host_name_", PFA_KEY_HOST },
  { "computername", PFA_KEY_HOST },
  { "_computer_name_", PFA_KEY_HOST },
  { "rechnername", PFA_KEY_HOST },
  { "_nodename_", PFA_KEY_HOST },
  { "_machine_name_", PFA_KEY_HOST },
  { "machinename", PFA_KEY_HOST },
  { "=_host_", PFA_KEY_HOST },
  { "_server_name_", PFA_KEY_NONE },
  { "主机名", PFA_KEY_HOST },
  { "计算机名", PFA_KEY_HOST },
  { "_bssid_", PFA_KEY_MAC },
  { "_mac_", PFA_KEY_MAC },
  { "_mac_address_", PFA_KEY_MAC },
  { "macaddr", PFA_KEY_MAC },
  { "_hwaddr_", PFA_KEY_MAC },
  { "_ssid_", PFA_KEY_WIFI },
  { "_essid_", PFA_KEY_WIFI },
  { "_ssid1_", PFA_KEY_WIFI },
  { "_ssid_name_", PFA_KEY_WIFI },
  { "_wifi_name_", PFA_KEY_WIFI },
  { "_wlan_name_", PFA_KEY_WIFI },
  { "_wi_fi_", PFA_KEY_WIFI },
  { "wlanname", PFA_KEY_WIFI },
  { "wifiname", PFA_KEY_WIFI },
  { "_network_name_", PFA_KEY_WIFI },
  { "netzwerkname", PFA_KEY_WIFI },
  { "无线名称", PFA_KEY_WIFI },
  { "无线网络", PFA_KEY_WIFI },
  { "_phone_", PFA_KEY_PHONE },
  { "phonenumber", PFA_KEY_PHONE },
  { "telephone", PFA_KEY_PHONE },
  { "telefon", PFA_KEY_PHONE },
  { "_tel_", PFA_KEY_PHONE },
  { "_mobile_", PFA_KEY_PHONE },
  { "_mobil_", PFA_KEY_PHONE },
  { "_handy_", PFA_KEY_PHONE },
  { "_fax_", PFA_KEY_PHONE },
  { "_cell_", PFA_KEY_PHONE },
  { "_msisdn_", PFA_KEY_PHONE },
  { "rufnummer", PFA_KEY_PHONE },
  { "电话", PFA_KEY_PHONE },
  { "手机", PFA_KEY_PHONE },
  { "联系方式", PFA_KEY_PHONE },
  { "_customer_name_", PFA_KEY_PERSON },
  { "customername", PFA_KEY_PERSON },
  { "kundenname", PFA_KEY_PERSON },
  { "_operator_name_", PFA_KEY_PERSON },
  { "_operator_id_", PFA_KEY_PERSON },
  { "_operator_no_", PFA_KEY_PERSON },
  { "_cashier_", PFA_KEY_PERSON },
  { "_cashier_name_", PFA_KEY_PERSON },
  { "_kassierer_", PFA_KEY_PERSON },
  { "_bediener_", PFA_KEY_PERSON },
  { "_merchant_name_", PFA_KEY_PERSON },
  { "merchantname", PFA_KEY_PERSON },
  { "_shop_name_", PFA_KEY_PERSON },
  { "shopname", PFA_KEY_PERSON },
  { "_store_name_", PFA_KEY_PERSON },
  { "storename", PFA_KEY_PERSON },
  { "_first_name_", PFA_KEY_PERSON },
  { "_last_name_", PFA_KEY_PERSON },
  { "_full_name_", PFA_KEY_PERSON },
  { "_surname_", PFA_KEY_PERSON },
  { "_vorname_", PFA_KEY_PERSON },
  { "_nachname_", PFA_KEY_PERSON },
  { "_owner_", PFA_KEY_PERSON },
  { "_inhaber_", PFA_KEY_PERSON },
  { "姓名", PFA_KEY_PERSON },
  { "操作员", PFA_KEY_PERSON },
  { "收银员", PFA_KEY_PERSON },
  { "商户名称", PFA_KEY_PERSON },
  { "店名", PFA_KEY_PERSON },
  { "_shop_address_", PFA_KEY_PLACE },
  { "_store_address_", PFA_KEY_PLACE },
  { "_merchant_address_", PFA_KEY_PLACE },
  { "_billing_address_", PFA_KEY_PLACE },
  { "_address_", PFA_KEY_PLACE },
  { "_adresse_", PFA_KEY_PLACE },
  { "_anschrift_", PFA_KEY_PLACE },
  { "_street_", PFA_KEY_PLACE },
  { "_strasse_", PFA_KEY_PLACE },
  { "_straße_", PFA_KEY_PLACE },
  { "地址", PFA_KEY_PLACE },
  { "latitude", PFA_KEY_COORDINATE },
  { "longitude", PFA_KEY_COORDINATE },
  { "_lat_", PFA_KEY_COORDINATE },
  { "_lon_", PFA_KEY_COORDINATE },
  { "_lng_", PFA_KEY_COORDINATE },
  { "_gps_", PFA_KEY_COORDINATE },
  { "_location_", PFA_KEY_COORDINATE },
};

/* A name that ends so tells about a secret, but does not hold it. */
static const char *const harmless_ends[] = {
  "_type_",     "_brand_",      "_present_",    "_reader_",   "_count_",    "_counter_",
  "_length_",   "_len_",        "_status_",     "_state_",    "_mode_",     "_result_",
  "_retries_",  "_tries_",      "_attempts_",   "_entry_",    "_required_", "_error_",
  "_version_",  "_format_",     "_index_",      "_slot_",     "_timeout_",  "_expired_",
  "_expires_",  "_expires_in_", "_expires_at_", "_changed_",  "_enabled_",  "_supported_",
  "_verified_", "_method_",     "_policy_",     "_pad_",      "_scheme_",   "_kcv_",
  "_size_",     "_inserted_",   "_removed_",    "_read_",     "_failed_",   "_fail_",
  "_issuer_",   "_bin_",        "_last4_",      "_last_4_",   "_ms_",       "_rules_",
  "_label_",    "_hint_",       "_bypass_",     "_bypassed_", "_ok_",       "_valid_",
  "_invalid_",  "_ttl_",        "_usage_",      "_language_", "_url_",      "_uri_",
  "_path_",     "_port_",       "_field_",      "_column_",   "_prompt_",   "_available_",
  "_seconds_",  "_minutes_",    "_checked_",    "_times_",    "_limit_",    "_strength_",
  "_mgmt_",     "_management_", "_board_",      "_product_",  "_family_",   "_os_",
  "_app_",      "_model_",      "_file_",
};

typedef struct
{
  char text[NAME_MAX_LENGTH * 2 + 4];
  guint length;
} Normal;

static void
push (Normal *normal, char c)
{
  if (c == '_' && normal->length > 0 && normal->text[normal->length - 1] == '_')
    return;
  if (normal->length + 1 < sizeof normal->text)
    normal->text[normal->length++] = c;
}

/* cardNumber, CARD-NUMBER and "card number" become _card_number_. */
static void
normalise (const char *name, gsize length, Normal *normal)
{
  normal->length = 0;
  push (normal, '_');
  for (gsize i = 0; i < length; i++)
    {
      const guint8 c = (guint8) name[i];
      const gboolean upper = pfa_is_upper (c);

      if (!pfa_is_alnum (c) && c < 0x80)
        {
          push (normal, '_');
          continue;
        }
      if (upper && i > 0 &&
          (pfa_is_lower (name[i - 1]) || pfa_is_digit (name[i - 1]) ||
           (pfa_is_upper (name[i - 1]) && i + 1 < length && pfa_is_lower (name[i + 1]))))
        push (normal, '_');
      push (normal, (char) (upper ? g_ascii_tolower ((char) c) : (char) c));
    }
  push (normal, '_');
  normal->text[normal->length] = '\0';
}

/* One bit for each letter; several letters share one. */
static guint64
mark_of (const char *text)
{
  guint64 mark = 0;

  for (; *text != '\0'; text++)
    mark |= (guint64) 1 << ((guint8) *text & 63);
  return mark;
}

/* The marks of the rules, then those of the harmless ends. */
guint64 *
pfa_key_marks_new (void)
{
  guint64 *marks = g_new (guint64, G_N_ELEMENTS (rules) + G_N_ELEMENTS (harmless_ends));

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    marks[i] = mark_of (rules[i].pattern + (rules[i].pattern[0] == '=' ? 1 : 0));
  for (guint i = 0; i < G_N_ELEMENTS (harmless_ends); i++)
    marks[G_N_ELEMENTS (rules) + i] = mark_of (harmless_ends[i]);
  return marks;
}

static PfaKey
apply_rules (const guint64 *marks, const Normal *normal)
{
  const guint64 *end_marks = marks + G_N_ELEMENTS (rules);
  const guint64 missing = ~mark_of (normal->text);
  static const char *const questions[] = { "_is_",  "_has_",  "_no_",    "_needs_",
                                           "_use_", "_with_", "_enable_" };

  for (guint i = 0; i < G_N_ELEMENTS (harmless_ends); i++)
    if ((end_marks[i] & missing) == 0 && g_str_has_suffix (normal->text, harmless_ends[i]) &&
        strlen (harmless_ends[i]) < normal->length)
      return PFA_KEY_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_str_has_prefix (normal->text, questions[i]) && strlen (questions[i]) < normal->length)
      return PFA_KEY_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if ((marks[i] & missing) == 0 &&
        (rules[i].pattern[0] == '=' ? g_str_equal (normal->text, rules[i].pattern + 1)
                                    : strstr (normal->text, rules[i].pattern) != NULL))
      return rules[i].key;
  return PFA_KEY_NONE;
}

PfaKey
pfa_key_classify (const guint64 *marks, const char *name, gsize length)
{
  Normal normal;
  PfaKey key;

  if (length > NAME_MAX_LENGTH)
    {
      name += length - NAME_MAX_LENGTH;
      length = NAME_MAX_LENGTH;
    }
  normalise (name, length, &normal);
  if (normal.length < 4)
    return PFA_KEY_NONE;
  key = apply_rules (marks, &normal);
  /* A version of anything is a version, not a serial number or a key. */
  if (g_str_has_suffix (normal.text, "_version_"))
    key = PFA_KEY_VERSION;
  return key;
}

/* From the first and the last bytes of a name. */
static guint
slot_of (const char *name, gsize length)
{
  guint64 first = 0;
  guint64 last = 0;

  if (length >= 8)
    {
      memcpy (&first, name, 8);
      memcpy (&last, name + length - 8, 8);
    }
  else
    for (gsize i = 0; i < length; i++)
      first = first << 8 | (guint8) name[i];
  first = (first ^ length) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^
          last * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f);
  return (guint) (first >> 40) % (PFA_KEY_CACHE_LENGTH / 2) * 2;
}

PfaKey
pfa_scan_classify (const PfaScan *scan, gsize start, gsize end)
{
  const char *name = (const char *) scan->text + start;
  const gsize length = end - start;
  PfaKeyCacheEntry *entry;

  if (length > sizeof entry->name)
    return pfa_key_classify (scan->rules->key_marks, name, length);
  entry = &scan->rules->names[slot_of (name, length)];
  /* Two places for names that fall together, the older one second. */
  if (entry[1].length == length && memcmp (entry[1].name, name, length) == 0)
    return entry[1].key;
  if (entry->length != length || memcmp (entry->name, name, length) != 0)
    {
      entry[1] = entry[0];
      entry->key = pfa_key_classify (scan->rules->key_marks, name, length);
      entry->length = (guint8) length;
      memcpy (entry->name, name, length);
    }
  return entry->key;
}

gboolean
pfa_key_declares (PfaKey key, guint length)
{
  switch ((int) key)
    {
    case PFA_KEY_REFERENCE:
      return length == 12;
    case PFA_KEY_TRACE:
      return length <= 12;
    case PFA_KEY_TERMINAL:
      return length == 8;
    case PFA_KEY_MERCHANT:
      return length == 15;
    case PFA_KEY_ORDER:
      /* Wallets: date and time, then the payer's number. */
      return length == 28 || length == 32;
    case PFA_KEY_TIME:
      return length == 10 || length == 13 || length == 16 || length == 19;
    default:
      return FALSE;
    }
}

static gboolean
is_name_byte (guint8 c)
{
  return pfa_is_alnum (c) || c == '_' || c == '-' || c == '.' || c >= 0x80;
}

/* Digits in the middle of a digest: its key stands before the whole of it. */
static gsize
token_start (const PfaScan *scan, gsize position)
{
  gsize start = position;
  gsize end = position;

  while (start > 0 && position - start < 129 && pfa_is_xdigit (scan->text[start - 1]))
    start--;
  if (start == position)
    return position;
  while (end < scan->length && end - start < 129 && pfa_is_xdigit (scan->text[end]))
    end++;
  return end - start == 32 || end - start == 40 || end - start == 64 || end - start == 128
             ? start
             : position;
}

static gboolean
stands_before_value (guint8 c)
{
  switch (c)
    {
    case '"':
    case '\'':
    case '`':
    case '\\':
    case ' ':
    case ':':
    case '=':
    case '>':
    case '(':
    case '[':
    case '#':
      return TRUE;
    default:
      return FALSE;
    }
}

PfaKey
pfa_scan_find_key (const PfaScan *scan, gsize position)
{
  const gsize before = token_start (scan, position);
  gsize end = before;
  gsize start;
  gboolean assigned = FALSE;

  while (end > 0 && before - end < 12 && stands_before_value (scan->text[end - 1]))
    {
      const guint8 sign = scan->text[--end];

      assigned |= sign == ':' || sign == '=' || sign == '>' || sign == '(';
    }
  /* The full-width colon of Chinese text. */
  if (end >= 3 && memcmp (scan->text + end - 3, "：", 3) == 0)
    {
      end -= 3;
      assigned = TRUE;
    }
  start = end;
  while (start > 0 && end - start < NAME_MAX_LENGTH && is_name_byte (scan->text[start - 1]))
    start--;
  if (start == end || end == before)
    return PFA_KEY_NONE;
  /* "tid 12345678" names it as well, a word of a sentence does not. */
  if (!assigned && end - start > 24)
    return PFA_KEY_NONE;
  return pfa_scan_classify (scan, start, end);
}
