/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "iscc-motion.h"
#include "iscc-random.h"
#include "iscc-sensing.h"
#include "iscc-ssim.h"

enum {
  MOST = ISCC_SSIM_SIDE_MAX,
  PIXELS_MOST = MOST * MOST,
  CHANNEL = ISCC_INPUT_SIZE / ISCC_INPUT_CHANNELS
};

static float image[PIXELS_MOST], reference[PIXELS_MOST];
static iscc_error error;

static const struct {
  int rows, columns;
} size_of[] = {{11, 11}, {11, 64}, {64, 11}, {42, 42}, {12, 37}, {64, 64}};
#define SIZES ((int)(sizeof size_of / sizeof *size_of))

/* A reference of values in [low, high] and an image that is partly it, partly other values of that kind. */
static void draw(double low, double high, double share) {
  iscc_random r;
  iscc_random_seed(&r, 21, 0, 0, ISCC_STREAM_TEST);
  for (int i = 0; i < PIXELS_MOST; i++) {
    const double y = iscc_random_between(&r, low, high), other = iscc_random_between(&r, low, high);
    reference[i] = (float)y;
    image[i] = (float)(share * y + (1 - share) * other);
  }
}

static double ssim(const float *a, const float *b, int rows, int columns, double range) {
  double value = NAN;
  ck_assert_msg(iscc_ssim(a, b, rows, columns, range, &value, &error) == ISCC_OK, "%s", error.text);
  return value;
}

/* One position straight from the definition: 121 weights of their own, moments about the means. */
static double direct_at(const float *a, const float *b, int columns, double range) {
  double total = 0, mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (int pass = 0; pass < 3; pass++)
    for (int i = 0; i < 11; i++)
      for (int j = 0; j < 11; j++) {
        const double w = exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / (2 * 1.5 * 1.5));
        const double x = (double)a[i * columns + j], y = (double)b[i * columns + j];
        if (pass == 0) total += w;
        if (pass == 1) mean_a += w / total * x, mean_b += w / total * y;
        if (pass < 2) continue;
        aa += w / total * (x - mean_a) * (x - mean_a);
        bb += w / total * (y - mean_b) * (y - mean_b);
        ab += w / total * (x - mean_a) * (y - mean_b);
      }
  const double c1 = 1e-4 * range * range, c2 = 9e-4 * range * range;
  return (2 * mean_a * mean_b + c1) * (2 * ab + c2) /
         ((mean_a * mean_a + mean_b * mean_b + c1) * (aa + bb + c2));
}

static double direct(const float *a, const float *b, int rows, int columns, double range) {
  double sum = 0;
  for (int i = 0; i + 11 <= rows; i++)
    for (int j = 0; j + 11 <= columns; j++)
      sum += direct_at(a + i * columns + j, b + i * columns + j, columns, range);
  return sum / ((rows - 10) * (columns - 10));
}

START_TEST(equal_images_have_one) {
  draw(-2, 3, 0);
  ck_assert_double_eq(ssim(image, image, size_of[_i].rows, size_of[_i].columns, 5), 1);
  memset(image, 0, sizeof image);
  ck_assert_double_eq(ssim(image, image, size_of[_i].rows, size_of[_i].columns, 5), 1);
}
END_TEST

static const struct {
  double low, high, share, range, tolerance;
} kind[] = {{0, 1, 0.5, 1, 1e-12},       {0, 255, 0.9, 255, 1e-12}, {-1, 1, 0, 2, 1e-12},
            {0, 0.05, 0.8, 0.03, 1e-12}, {9.8, 10, 0.7, 1, 1e-9},   {0, 1e-30, 0.7, 1e-30, 1e-12}};
#define KINDS ((int)(sizeof kind / sizeof *kind))

START_TEST(value_is_that_of_the_definition) {
  const int rows = size_of[_i % SIZES].rows, columns = size_of[_i % SIZES].columns, k = _i / SIZES;
  draw(kind[k].low, kind[k].high, kind[k].share);
  const double want = direct(image, reference, rows, columns, kind[k].range);
  const double got = ssim(image, reference, rows, columns, kind[k].range);
  ck_assert_double_lt(want, 0.99);
  ck_assert_msg(fabs(got - want) <= kind[k].tolerance, "kind %d, %d x %d: %.17g, want %.17g", k, rows,
                columns, got, want);
}
END_TEST

/* Without variance only the means remain. */
START_TEST(constant_images_differ_by_their_luminance) {
  static const struct {
    double x, y, range;
  } pair[] = {{0.5, 0.25, 1}, {100, 130, 255}, {0, 1, 1}, {-0.25, 0.25, 1}};
  for (int k = 0; k < 4; k++) {
    const double x = pair[k].x, y = pair[k].y, c1 = 1e-4 * pair[k].range * pair[k].range;
    for (int i = 0; i < PIXELS_MOST; i++) image[i] = (float)x, reference[i] = (float)y;
    ck_assert_double_eq_tol(ssim(image, reference, 42, 42, pair[k].range),
                            (2 * x * y + c1) / (x * x + y * y + c1), 1e-10);
  }
}
END_TEST

START_TEST(images_may_be_exchanged) {
  draw(0, 1, 0.3);
  ck_assert_double_eq(ssim(image, reference, 42, 40, 1), ssim(reference, image, 42, 40, 1));
}
END_TEST

/* The unit of pixels does not matter. */
START_TEST(unit_of_pixels_is_free) {
  draw(0, 1, 0.3);
  const double want = ssim(image, reference, 42, 40, 1);
  for (int i = 0; i < PIXELS_MOST; i++) image[i] *= 1024, reference[i] *= 1024;
  ck_assert_double_eq_tol(ssim(image, reference, 42, 40, 1024), want, 1e-14);
}
END_TEST

START_TEST(every_pixel_counts) {
  draw(0, 1, 1);
  for (int i = 0; i < 13 * 17; i++) {
    const float kept = image[i];
    image[i] = kept + 0.5F;
    ck_assert_double_lt(ssim(image, reference, 13, 17, 1), 1 - 1e-9);
    image[i] = kept;
  }
  image[13 * 17] = 1e9F; /* and none beyond */
  ck_assert_double_eq(ssim(image, reference, 13, 17, 1), 1);
}
END_TEST

START_TEST(noise_makes_it_fall) {
  static float noise[PIXELS_MOST];
  iscc_random r;
  iscc_random_seed(&r, 22, 0, 0, ISCC_STREAM_TEST);
  iscc_random_fill_normal(&r, 1, noise, PIXELS_MOST);
  for (int i = 0; i < 64; i++) /* ripples, as a spectrogram has */
    for (int j = 0; j < 64; j++) reference[i * 64 + j] = (float)(0.5 + 0.5 * sin(0.4 * i + 2 * cos(0.2 * j)));
  double last = 1;
  for (double scale = 1e-3; scale < 3; scale *= 2) {
    for (int i = 0; i < PIXELS_MOST; i++) image[i] = reference[i] + (float)scale * noise[i];
    const double now = ssim(image, reference, 64, 64, 1);
    ck_assert_double_lt(now, last);
    last = now;
  }
  ck_assert_double_lt(last, 0.2);
}
END_TEST

/* Channels of different brightness: each has its own L, and it is the reference's. */
START_TEST(input_is_the_mean_of_its_channels) {
  float x[ISCC_INPUT_SIZE], y[ISCC_INPUT_SIZE];
  double want = 0, value = NAN;
  for (int c = 0; c < ISCC_INPUT_CHANNELS; c++) {
    const double bright = pow(4, -c);
    draw(0, bright, 0.6 + 0.1 * c);
    reference[700 * c + 5] = (float)(1.5 * bright);
    image[40] = (float)(2.5 * bright);
    memcpy(x + c * CHANNEL, image, CHANNEL * sizeof *x);
    memcpy(y + c * CHANNEL, reference, CHANNEL * sizeof *y);
    want += direct(image, reference, 42, 42, 1.5 * bright) / 3;
  }
  ck_assert_int_eq(iscc_ssim_input(x, y, &value, NULL), ISCC_OK);
  ck_assert_double_eq_tol(value, want, 1e-8); /* 1.5 bright is a float there */
  ck_assert_int_eq(iscc_ssim_input(y, y, &value, NULL), ISCC_OK);
  ck_assert_double_eq(value, 1);
}
END_TEST

/* Of one walker, over sensing power, averaged over four noises. */
START_TEST(sensing_power_makes_it_rise) {
  static const double power_w[] = {0.005, 0.05, 0.5};
  static float clean[ISCC_INPUT_SIZE], noisy[ISCC_INPUT_SIZE];
  iscc_sensing_settings settings;
  iscc_sensing *s;
  iscc_sensing_defaults(&settings);
  ck_assert_int_eq(iscc_sensing_create(&settings, &s, NULL), ISCC_OK);
  iscc_random r;
  iscc_person person;
  iscc_random_seed(&r, 23, 0, 0, ISCC_STREAM_TEST);
  iscc_person_draw(&r, ISCC_MOTION_ADULT_WALK, &person);
  double last = 0;
  for (int p = 0; p < 3; p++) {
    double mean = 0;
    for (int k = 0; k < 4; k++) {
      iscc_random clutter, same, noise;
      double value;
      iscc_random_seed(&clutter, 24, 0, k, ISCC_STREAM_CLUTTER);
      iscc_random_seed(&noise, 24, 0, k, ISCC_STREAM_NOISE);
      same = clutter;
      ck_assert_int_eq(iscc_sensing_run(s, &person, power_w[p], &clutter, NULL, clean, NULL), ISCC_OK);
      ck_assert_int_eq(iscc_sensing_run(s, &person, power_w[p], &same, &noise, noisy, NULL), ISCC_OK);
      ck_assert_int_eq(iscc_ssim_input(noisy, clean, &value, NULL), ISCC_OK);
      mean += value / 4;
    }
    ck_assert_double_gt(mean, last + 0.05);
    last = mean;
  }
  ck_assert_double_lt(last, 1);
  iscc_sensing_destroy(s);
}
END_TEST

static void refused(int rows, int columns, double range, const char *names) {
  double value = 7;
  ck_assert_int_eq(iscc_ssim(image, reference, rows, columns, range, &value, &error), ISCC_EINVAL);
  ck_assert_msg(strstr(error.text, names) != NULL, "'%s' does not name '%s'", error.text, names);
  ck_assert_int_eq(iscc_ssim(image, reference, rows, columns, range, &value, NULL), ISCC_EINVAL);
  ck_assert_double_eq(value, 7);
}

START_TEST(what_has_no_value_is_refused) {
  draw(0, 1, 0.5);
  static const int wrong[][2] = {{10, 42}, {42, 10}, {65, 42}, {42, 65}, {0, 0}, {-42, -42}};
  for (int i = 0; i < 6; i++) refused(wrong[i][0], wrong[i][1], 1, "not within 11..64");
  static const double range[] = {0, -1, NAN, INFINITY, 1e-60, 1e60};
  for (int i = 0; i < 6; i++) refused(42, 42, range[i], "dynamic range");
  static const float pixel[] = {NAN, INFINITY, -INFINITY};
  for (int i = 0; i < 3; i++) {
    const float kept = image[42 * 42 - 1];
    image[42 * 42 - 1] = pixel[i];
    refused(42, 42, 1, "image is not finite");
    image[42 * 42 - 1] = kept;
    reference[0] = pixel[i];
    refused(42, 42, 1, "reference is not finite");
    reference[0] = 0;
  }
}
END_TEST

START_TEST(input_without_value_is_refused) {
  float x[ISCC_INPUT_SIZE], y[ISCC_INPUT_SIZE];
  double value = 7;
  for (int i = 0; i < ISCC_INPUT_SIZE; i++) x[i] = y[i] = 0.01F;
  memset(y + CHANNEL, 0, CHANNEL * sizeof *y);
  ck_assert_int_eq(iscc_ssim_input(x, y, &value, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "channel 1: structural similarity: dynamic range: 0"));
  y[CHANNEL] = 1;
  x[ISCC_INPUT_SIZE - 1] = NAN;
  ck_assert_int_eq(iscc_ssim_input(x, y, &value, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "channel 2: structural similarity: a pixel of the image"));
  ck_assert_double_eq(value, 7);
}
END_TEST

Suite *iscc_suite_ssim(void);
Suite *iscc_suite_ssim(void) {
  Suite *s = suite_create("sensing: structural similarity");
  TCase *t = tcase_create("ssim");
  tcase_add_loop_test(t, equal_images_have_one, 0, SIZES);
  tcase_add_loop_test(t, value_is_that_of_the_definition, 0, SIZES * KINDS);
  tcase_add_test(t, constant_images_differ_by_their_luminance);
  tcase_add_test(t, images_may_be_exchanged);
  tcase_add_test(t, unit_of_pixels_is_free);
  tcase_add_test(t, every_pixel_counts);
  tcase_add_test(t, noise_makes_it_fall);
  tcase_add_test(t, input_is_the_mean_of_its_channels);
  tcase_add_test(t, sensing_power_makes_it_rise);
  tcase_add_test(t, what_has_no_value_is_refused);
  tcase_add_test(t, input_without_value_is_refused);
  suite_add_tcase(s, t);
  return s;
}
