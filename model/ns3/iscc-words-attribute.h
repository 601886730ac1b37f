/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-words-attribute - ns-3 attributes that are one of a few words, kept as a C enumeration. C++ only.
 *
 * Texts in ns-3's sense (StringValue), so that Config, ConfigStore and command lines take the words that our options
 * take; other words are refused where they are set. */
#ifndef ISCC_WORDS_ATTRIBUTE_H
#define ISCC_WORDS_ATTRIBUTE_H

#ifdef __cplusplus

#include <string>
#include <vector>

#include "ns3/attribute.h"
#include "ns3/object-base.h"
#include "ns3/string.h"

namespace ns3 {

using IsccWords = std::vector<std::string>;

/* Accepts StringValues that are one of the words. */
Ptr<const AttributeChecker> MakeIsccWordsChecker(const IsccWords &words);

template <typename T, typename E> class IsccWordsAccessor : public AttributeAccessor {
public:
  IsccWordsAccessor(E T::*field, const IsccWords &words) : m_field(field), m_words(words) {}
  bool Set(ObjectBase *object, const AttributeValue &value) const override {
    T *self = dynamic_cast<T *>(object);
    const auto *text = dynamic_cast<const StringValue *>(&value);
    for (size_t i = 0; self && text && i < m_words.size(); i++)
      if (text->Get() == m_words[i]) {
        self->*m_field = E(i);
        return true;
      }
    return false;
  }
  bool Get(const ObjectBase *object, AttributeValue &value) const override {
    const T *self = dynamic_cast<const T *>(object);
    auto *text = dynamic_cast<StringValue *>(&value);
    if (!self || !text) return false;
    text->Set(m_words[size_t(self->*m_field)]);
    return true;
  }
  bool HasGetter() const override {
    return true;
  }
  bool HasSetter() const override {
    return true;
  }

private:
  E T::*m_field;
  IsccWords m_words; // of the values 0, 1, ...
};

template <typename T, typename E>
Ptr<const AttributeAccessor> MakeIsccWordsAccessor(E T::*field, const IsccWords &words) {
  return Ptr<const AttributeAccessor>(new IsccWordsAccessor<T, E>(field, words), false);
}

} // namespace ns3

#endif
#endif
