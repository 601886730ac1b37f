/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-words-attribute.h"

#include <algorithm>

namespace ns3 {

namespace {

class WordsChecker : public AttributeChecker {
public:
  explicit WordsChecker(const IsccWords &words) : m_words(words) {}
  bool Check(const AttributeValue &value) const override {
    const auto *text = dynamic_cast<const StringValue *>(&value);
    return text && std::find(m_words.begin(), m_words.end(), text->Get()) != m_words.end();
  }
  std::string GetValueTypeName() const override {
    return "ns3::StringValue";
  }
  bool HasUnderlyingTypeInformation() const override {
    return true;
  }
  std::string GetUnderlyingTypeInformation() const override {
    std::string all;
    for (const std::string &word : m_words) all += (all.empty() ? "" : "|") + word;
    return all;
  }
  Ptr<AttributeValue> Create() const override {
    return ns3::Create<StringValue>();
  }
  bool Copy(const AttributeValue &source, AttributeValue &destination) const override {
    const auto *from = dynamic_cast<const StringValue *>(&source);
    auto *to = dynamic_cast<StringValue *>(&destination);
    if (from && to) *to = *from;
    return from && to;
  }

private:
  IsccWords m_words;
};

} // namespace

Ptr<const AttributeChecker> MakeIsccWordsChecker(const IsccWords &words) {
  return Ptr<const AttributeChecker>(new WordsChecker(words), false);
}

} // namespace ns3
